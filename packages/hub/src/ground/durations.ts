/** Lengths of time, for figures that say what they are: `5 * millisecondsPerMinute`. */
export const millisecondsPerSecond = 1000;
export const millisecondsPerMinute = 60 * millisecondsPerSecond;
export const millisecondsPerHour = 60 * millisecondsPerMinute;
export const millisecondsPerDay = 24 * millisecondsPerHour;

export const secondsPerHour = 60 * 60;
export const secondsPerDay = 24 * secondsPerHour;

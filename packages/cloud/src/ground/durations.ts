export const millisecondsPerSecond = 1000;
export const millisecondsPerHour = 3_600_000;
export const millisecondsPerDay = 86_400_000;

/** The release whose behaviour this service follows. */
export const productVersion = '9.2.24014.198';

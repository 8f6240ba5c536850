/**
 * What the listeners take of a request's head: Dataverse knows addresses of 32,768 characters ("Compose HTTP requests
 * and handle errors"), which Node's own 16 KiB would refuse. A longer head is answered 431 without a body.
 */
export const httpLimits = { maxHeaderSize: 65_536 } as const;

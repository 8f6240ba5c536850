/** The work of a connection: refresh ahead of time, a grant kept alive, a proof. Its subject is the connection's id. */
export const connectionWork = 'connection';

import { makeConnection, openHub } from './open-hub.ts';
import { announceReady } from './serve.ts';

/** A hub with one connection. */
announceReady(await makeConnection(await openHub()));

import type { Application } from '../../directory/applications.ts';
import type { Html } from '../../web/html.ts';
import type { ApplicationBlade, PortalArea } from './navigation.ts';

/** A page as a route decides to show it; the frame is put around it when it is sent. */
export interface PortalPage {
  /** The blade's title: the page's heading, and the window's. */
  title: string;
  area: PortalArea;
  body: Html;
  /** Pages above this one, from the outermost on. */
  trail?: readonly { title: string; path: string }[];
  /** Brings the menu of an application's own pages. */
  application?: { application: Pick<Application, 'id' | 'displayName'>; blade: ApplicationBlade };
  /** HTTP status; 200 when left out. */
  status?: number;
}

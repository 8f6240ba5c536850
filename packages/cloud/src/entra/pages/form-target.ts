/** What every step of a sign-in carries: where its form goes, and the sealed flow. */
export interface FormTarget {
  /** Path of the form's action. */
  action: string;
  flow: string;
}

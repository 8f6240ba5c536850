/** The hub's own identity on the platform that it runs on. */
export interface WorkloadIdentity {
  kind: 'file' | 'github' | 'azure';
  /**
   * @returns a token of the platform's that says who the hub is, to be presented to Entra ID
   * @throws HubError `workload_token_unavailable`
   */
  readToken(): Promise<string>;
  close(): Promise<void>;
}

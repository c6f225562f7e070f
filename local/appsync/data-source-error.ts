/** What a data source hands back to the resolver: its result, or AppSync's name for the failure. */
export class DataSourceError extends Error {
  override readonly name = 'DataSourceError';
  readonly errorType: string;

  constructor(message: string, errorType: string, options?: ErrorOptions) {
    super(message, options);
    this.errorType = errorType;
  }
}

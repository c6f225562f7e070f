/** What crosses between the runtime and a Lambda's worker thread. Events and results are JSON text, as on the service. */
export type WorkerRequest = { readonly id: string; readonly event: string; readonly deadline: number };

/** What a worker is started with. Its own: a schema would load a library into every worker, one for each function. */
export type WorkerSettings = {
  readonly entryFile: string;
  readonly exported: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMiB: number;
  /** Where compiled code is kept from start to start. */
  readonly cacheFolder: string | undefined;
};

export type ThrownError = { readonly name: string; readonly message: string; readonly stack: string };

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: ThrownError }
  | { readonly kind: 'result'; readonly id: string; readonly result: string }
  | { readonly kind: 'failed'; readonly id: string; readonly error: ThrownError };

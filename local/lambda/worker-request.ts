/** What crosses between the runtime and a Lambda's worker thread. Events and results are JSON text, as on the service. */
export type WorkerRequest = { readonly id: string; readonly event: string; readonly deadline: number };

export type ThrownError = { readonly name: string; readonly message: string; readonly stack: string };

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: ThrownError }
  | { readonly kind: 'result'; readonly id: string; readonly result: string }
  | { readonly kind: 'failed'; readonly id: string; readonly error: ThrownError };

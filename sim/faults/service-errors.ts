/** Errors as the SDK makes them of what a service, or the network, answers. */
const serviceError = (name: string, fault: 'client' | 'server', httpStatusCode: number): Error =>
  Object.assign(new Error(`${name} of the simulation`), { name, $fault: fault, $metadata: { httpStatusCode } });

export const refusal = (): Error => serviceError('InternalServerError', 'server', 500);
export const throttling = (): Error => serviceError('ThrottlingException', 'client', 400);
export const connectionRefused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** A request nobody answers. */
export const silence = (): Promise<void> => new Promise(() => {});

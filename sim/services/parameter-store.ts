import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  SSMServiceException,
} from '@aws-sdk/client-ssm';
import { metadata, type SimServiceContext } from './context.ts';
import { handles, simClient } from './sim-client.ts';

const MOST_BYTES = 4 * 1024;

/** Parameter Store of a simulated account: standard parameters. */
export type SimParameterStore = { readonly client: SSMClient; readonly send: SSMClient['send'] };

export const simParameterStore = (context: SimServiceContext): SimParameterStore => {
  const parameters = new Map<
    string,
    {
      readonly Value: string;
      readonly Version: number;
      readonly Type: 'String' | 'StringList' | 'SecureString';
      readonly at: number;
    }
  >();
  const client = simClient(SSMClient, 'ssm', context, [
    handles(GetParameterCommand, ({ Name = '', WithDecryption }) => {
      const found = parameters.get(Name);
      if (found === undefined)
        throw new ParameterNotFound({ message: `Parameter ${Name} not found.`, $metadata: metadata(400) });
      const { Value, Version, Type, at } = found;
      const shown = Type === 'SecureString' && !WithDecryption ? Buffer.from(Value).toString('base64') : Value;
      return { Parameter: { Name, Type, Value: shown, Version, LastModifiedDate: new Date(at) } };
    }),
    handles(PutParameterCommand, ({ Name = '', Value = '', Type, Overwrite = false }) => {
      const before = parameters.get(Name);
      const invalid = (message: string) =>
        new SSMServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata: metadata(400) });
      if (before !== undefined && !Overwrite)
        throw new ParameterAlreadyExists({
          message:
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          $metadata: metadata(400),
        });
      const kind = Type ?? before?.Type;
      if (kind === undefined) throw invalid('A parameter type is required when you create a parameter.');
      if (Value === '' || Buffer.byteLength(Value) > MOST_BYTES)
        throw invalid('Standard tier parameters support a maximum parameter value of 4096 characters.');
      const Version = (before?.Version ?? 0) + 1;
      parameters.set(Name, { Value, Version, Type: kind, at: context.now() });
      return { Version, Tier: 'Standard' };
    }),
  ]);
  return { client, send: client.send };
};

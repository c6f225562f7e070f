import { z } from 'zod';
import { httpServer, jsonReply, ServiceError, urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';

const Get = z.object({ Name: z.string(), WithDecryption: z.boolean().default(false) });
const Put = z.object({
  Name: z.string(),
  Type: z.literal('SecureString'),
  Value: z.string(),
  Overwrite: z.boolean().default(false),
});

const parsed = <Shape>(shape: z.ZodType<Shape>, body: Buffer): Shape => {
  const { data, error } = shape.safeParse(JSON.parse(body.toString()));
  if (error) throw new ServiceError('ValidationException', z.prettifyError(error));
  return data;
};

type Parameter = { readonly Name: string; readonly Value: string; readonly Version: number };

/** Parameter Store: secrets that are put by their name. They last as long as the data of the stack. */
export const ssm: LocalService = {
  name: 'ssm',
  kinds: [],
  start: async ({ journal, open }) => {
    const parameters = new Map<string, Parameter>();
    const kept = await journal<Parameter>('parameters', () => parameters.values());
    for (const parameter of kept.entries) parameters.set(parameter.Name, parameter);
    const server = httpServer(async ({ headers, body }) => {
      const operation = String(headers['x-amz-target']);
      if (operation === 'AmazonSSM.GetParameter') {
        const { Name, WithDecryption } = parsed(Get, body);
        const found = parameters.get(Name);
        if (found === undefined) throw new ServiceError('ParameterNotFound', `There is no parameter ${Name}`);
        return jsonReply({ Parameter: { ...found, Type: 'SecureString', Value: WithDecryption ? found.Value : '-' } });
      }
      if (operation === 'AmazonSSM.PutParameter') {
        const { Name, Value, Overwrite } = parsed(Put, body);
        const { Version = 0 } = parameters.get(Name) ?? {};
        if (Version > 0 && !Overwrite) throw new ServiceError('ParameterAlreadyExists', `There is a parameter ${Name}`);
        const next = { Name, Value, Version: Version + 1 };
        parameters.set(Name, next);
        await kept.append(next);
        return jsonReply({ Version: next.Version, Tier: 'Standard' });
      }
      throw new ServiceError('UnsupportedOperation', `${operation} is not emulated`);
    });
    return { environment: { AWS_ENDPOINT_URL_SSM: urlAt(await open(server)) } };
  },
};

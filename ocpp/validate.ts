/** What a generated validator reports: ajv's error shape, without messages. */
export type SchemaError = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
};

/** A generated validator: true, or false with `errors` set on the function itself. */
export type Validate = { (data: unknown): boolean; errors?: readonly SchemaError[] | null };

/** Every schema error of `payload`, none if it is valid. */
export const schemaErrors = (validate: Validate, payload: unknown): readonly SchemaError[] =>
  validate(payload) ? [] : (validate.errors ?? []);

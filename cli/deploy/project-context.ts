import { existsSync, readFileSync } from 'node:fs';

const jsonOf = (file: string): object => (existsSync(file) ? Object(JSON.parse(readFileSync(file, 'utf8'))) : {});

/** Keys of the context that cdk reads from the files of the working directory, beside what is named with -c. */
export const projectContext = (): readonly string[] => [
  ...Object.keys(Object(Reflect.get(jsonOf('cdk.json'), 'context'))),
  ...Object.keys(jsonOf('cdk.context.json')),
];

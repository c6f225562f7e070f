import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mergeTemplates, type Template } from './template.ts';

/** A synthesized app: its stacks as one template, and where the assets its resources name lie on disk. */
export type Assembly = {
  readonly stackName: string;
  readonly template: Template;
  /** Folder or file of an asset, by the object key the template gives it. */
  readonly assetPath: (objectKey: string) => string;
};

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z.looseObject({ templateFile: z.string().optional(), file: z.string().optional() }).optional(),
    }),
  ),
});
const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Reads a cloud assembly folder (cdk.out). Throws when it holds no stack. */
export const readAssembly = (folder: string): Assembly => {
  const artifacts = Object.entries(Manifest.parse(readJson(join(folder, 'manifest.json'))).artifacts);
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [first] = stacks;
  if (first === undefined) throw new Error(`${folder} holds no stack`);
  // What CDK itself wrote: its shape is CloudFormation's, and every property is checked where it is used.
  const templates = stacks.map(
    ([, { properties }]) => readJson(join(folder, properties?.templateFile ?? '')) as Template,
  );
  const assets = new Map(
    artifacts
      .filter(([, { type }]) => type === 'cdk:asset-manifest')
      .flatMap(([, { properties }]) =>
        Object.values(AssetManifest.parse(readJson(join(folder, properties?.file ?? ''))).files),
      )
      .flatMap(({ source, destinations }) =>
        Object.values(destinations).map(({ objectKey }): [string, string] => [
          objectKey,
          join(folder, source.path ?? ''),
        ]),
      ),
  );
  return {
    stackName: first[0],
    template: mergeTemplates(templates),
    assetPath: (objectKey) => {
      const path = assets.get(objectKey);
      if (path === undefined) throw new Error(`The assembly has no asset ${objectKey}`);
      return path;
    },
  };
};

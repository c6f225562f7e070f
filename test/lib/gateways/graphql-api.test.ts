import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deployedSchema } from '../../../graphql/deployed-schema.ts';
import { environment, resolvers } from '../../../graphql/resolvers.ts';
import { apiKeyExpiry } from '../../../lib/wattstream-app.ts';
import { synthesized } from '../synthesized.ts';
import { propertiesOf, text } from '../template-text.ts';

const graphql = join(import.meta.dirname, '../../../graphql');
const PipelineFunction = z.object({ Code: z.string(), DataSourceName: z.unknown() });
const Resolver = z.object({
  TypeName: z.string(),
  FieldName: z.string(),
  Code: z.string(),
  DataSourceName: z.unknown().optional(),
  PipelineConfig: z.object({ Functions: z.array(z.unknown()) }).optional(),
});

let template: Template;
beforeAll(() => {
  ({ template } = synthesized({ stage: 'dev' }));
});

describe('the GraphQL API', () => {
  it('runs for every field the code of the manifest, in its order, on its data sources', () => {
    const functions = propertiesOf(template, 'AWS::AppSync::FunctionConfiguration');
    const sourceNames = propertiesOf(template, 'AWS::AppSync::DataSource');
    const step = (code: string, source: unknown) => ({
      code,
      dataSource: sourceNames[/^<(.*)\.Name>$/.exec(text(source))?.[1] ?? '']?.Name,
    });
    const deployed = Object.values(propertiesOf(template, 'AWS::AppSync::Resolver')).map((properties) => {
      const { TypeName, FieldName, Code, DataSourceName, PipelineConfig } = Resolver.parse(properties);
      const steps = PipelineConfig?.Functions.map((reference) => {
        const id = /^<(.*)\.FunctionId>$/.exec(text(reference))?.[1] ?? '';
        const { Code: code, DataSourceName: source } = PipelineFunction.parse(functions[id]);
        return step(code, source);
      });
      return { field: `${TypeName}.${FieldName}`, steps: steps ?? [step(Code, DataSourceName)] };
    });
    const listed = resolvers.map(({ type, field, steps }) => ({
      field: `${type}.${field}`,
      steps: steps.map(({ code, dataSource }) => ({
        code: readFileSync(join(graphql, code), 'utf8'),
        dataSource: dataSource.replace('lambda:', '').replaceAll('-', '_'),
      })),
    }));
    expect(deployed).toEqual(listed);
  });

  it('has the schema that AppSync takes: without descriptions', () => {
    template.hasResourceProperties('AWS::AppSync::GraphQLSchema', { Definition: deployedSchema(['aws_iam']) });
  });

  it('tells its code the names of the tables', () => {
    const [api] = Object.values(propertiesOf(template, 'AWS::AppSync::GraphQLApi'));
    const named = Object.entries(z.record(z.string(), z.unknown()).parse(api?.EnvironmentVariables)).map(
      ([variable, table]) => [variable, text(table).toLowerCase()],
    );
    expect(Object.fromEntries(named)).toMatchObject(
      Object.fromEntries(Object.entries(environment).map(([variable, table]) => [variable, `<tables${table}>`])),
    );
  });

  it('takes an API key or IAM, traces, and keeps headers and tags out of its log', () => {
    template.hasResourceProperties('AWS::AppSync::GraphQLApi', {
      AuthenticationType: 'API_KEY',
      AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }],
      XrayEnabled: true,
      LogConfig: { FieldLogLevel: 'ERROR', ExcludeVerboseContent: true },
    });
  });

  it('makes its key, functions and resolvers only when its schema is there', () => {
    const early = ['AWS::AppSync::ApiKey', 'AWS::AppSync::FunctionConfiguration', 'AWS::AppSync::Resolver'].flatMap(
      (type) =>
        Object.entries(template.findResources(type)).filter(
          ([, { DependsOn = [] }]) => !DependsOn.some((id: string) => id.startsWith('GraphqlSchema')),
        ),
    );
    expect(early).toEqual([]);
  });

  it('takes no query that goes round in circles', () => {
    const [api] = Object.values(propertiesOf(template, 'AWS::AppSync::GraphQLApi'));
    expect([api?.QueryDepthLimit, api?.ResolverCountLimit]).toEqual([12, 2_000]);
  });

  it('reminds of its key 30 days before it ends, where people can be told', () => {
    const prod = synthesized({ stage: 'prod' }).template;
    const [{ Expires } = {}] = Object.values(propertiesOf(prod, 'AWS::AppSync::ApiKey'));
    const at = new Date((Number(Expires) - 30 * 86_400) * 1_000).toISOString().slice(0, 19);
    prod.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: `at(${at})`,
      Target: { Input: Match.stringLikeRegexp('API key of wattstream-prod stops working') },
    });
  });

  it('has a key for about a year that changes with the month, not with every synthesis', () => {
    const early = apiKeyExpiry(Date.UTC(2026, 10, 1));
    const late = apiKeyExpiry(Date.UTC(2026, 10, 30, 23, 59));
    const nextMonth = apiKeyExpiry(Date.UTC(2026, 11, 1));
    const days = (from: number, to: number): number => (to - from / 1_000) / 86_400;
    expect(late).toBe(early);
    expect(nextMonth).toBeGreaterThan(late);
    // AppSync takes a day at least and 365 at most.
    expect(days(Date.UTC(2026, 10, 1), early)).toBe(360);
  });
});

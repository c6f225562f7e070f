import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesized } from './synthesized.ts';

type Finding = { readonly path: string; readonly rule: string };

/** What the rules find when no acknowledgement counts. */
const rawFindings = (app: IConstruct): Finding[] => {
  const pack = new AwsSolutionsChecks(app);
  // Its own look at the acknowledgements is the one thing to leave out.
  Object.assign(pack, { isAcknowledged: () => false });
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ path: constructPath, rule: ruleName })),
    );
};

const acknowledgements = (app: IConstruct): (Finding & { reason: string })[] =>
  app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries<string>(data)
          .map(([id, reason]) => ({
            path: node.path,
            rule: id.replace(/^annotation::/i, ''),
            reason,
          }))
          .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
      ),
  );

describe.each([{ stage: 'dev' }, { stage: 'prod', openAdr: 'on' }, { stage: 'prod', windowStore: 'dynamodb' }])(
  'the AwsSolutions rules on %o',
  (context) => {
    let app: IConstruct;
    beforeAll(() => {
      app = synthesized(context).app;
    });

    it('find no violation that is not acknowledged', () => {
      expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
    });

    it('still find every violation that is acknowledged, so that no acknowledgement is unused', () => {
      const found = rawFindings(app);
      const unused = acknowledgements(app).filter(
        ({ path, rule }) =>
          !found.some((finding) => finding.rule === rule && `${finding.path}/`.startsWith(`${path}/`)),
      );
      expect(found.length).toBeGreaterThan(0);
      expect(unused).toEqual([]);
    });

    it('are acknowledged with a reason of at least 30 characters', () => {
      const reasons = acknowledgements(app).map(({ reason }) => reason);
      expect(reasons.length).toBeGreaterThan(0);
      expect(reasons.filter((reason) => reason.length < 30)).toEqual([]);
    });
  },
);

import { defineConfig } from 'vitest/config';

/** Tests that need neither Java nor a running stack: `npm run test:unit` runs these alone, in seconds. */
const unit = [
  'test/*.test.ts',
  'test/{async,bench,contracts,domain,events,graphql,ocpp,runtime,sim,support,use-cases}/**/*.test.ts',
];

/** What the adapters promise on DynamoDB, which they must keep on the simulated one as well. */
const onDynamodb = [
  'test/aws/{commands,demand-response,dynamodb,openadr,sites}/**/*.test.ts',
  'test/aws/windows/dynamodb-window-store.test.ts',
  'test/aws/credential-store.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    // Ends what hangs; a loaded machine is let be slow.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Two workers: the suite shares its machine with DynamoDB Local and, end to end, with the whole stack.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: unit } },
      { extends: true, test: { name: 'simulated', include: onDynamodb, provide: { dynamodbEndpoint: 'simulated' } } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: unit,
          globalSetup: ['test/support/dynamodb-local.ts'],
        },
      },
    ],
  },
});

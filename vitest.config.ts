import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/dynamodb-local.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two workers: the suite shares its machine with DynamoDB Local and, end to end, with the whole stack.
    maxWorkers: 2,
  },
});

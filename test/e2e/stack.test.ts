import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsSuite } from './alerts-suite.ts';
import { callersSuite } from './callers-suite.ts';
import { commandsSuite } from './commands-suite.ts';
import { demandResponseSuite } from './demand-response-suite.ts';
import { foreignFramesSuite } from './foreign-frames-suite.ts';
import { forgedRepliesSuite } from './forged-replies-suite.ts';
import { framingSuite } from './framing-suite.ts';
import { graphqlSuite } from './graphql-suite.ts';
import { limitsSuite } from './limits-suite.ts';
import { lostCommandsSuite } from './lost-commands-suite.ts';
import { mqttSuite } from './mqtt-suite.ts';
import { outagesSuite } from './outages-suite.ts';
import { parkedSuite } from './parked-suite.ts';
import { refusedCommandsSuite } from './refused-commands-suite.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import { sessionsSuite } from './sessions-suite.ts';
import { socketsSuite } from './sockets-suite.ts';
import { stationRecordsSuite } from './station-records-suite.ts';

/** One stack for all suites: booting it takes longer than any of them. */
let running: RunningStack;
const stack = () => running;

beforeAll(async () => {
  running = await runningStack();
});

afterAll(async () => {
  await running?.stop();
});

describe('the whole stack', () => {
  describe('sessions', () => sessionsSuite(stack));
  describe('frames', () => framingSuite(stack));
  describe('foreign frames', () => foreignFramesSuite(stack));
  describe('sockets', () => socketsSuite(stack));
  describe('MQTT', () => mqttSuite(stack));
  describe('alerts', () => alertsSuite(stack));
  describe('commands', () => commandsSuite(stack));
  describe('forged replies', () => forgedRepliesSuite(stack));
  describe('refused commands', () => refusedCommandsSuite(stack));
  describe('records of stations', () => stationRecordsSuite(stack));
  describe('limits', () => limitsSuite(stack));
  describe('demand response', () => demandResponseSuite(stack));
  describe('parked records', () => parkedSuite(stack));
  describe('callers', () => callersSuite(stack));
  describe('GraphQL', () => graphqlSuite(stack));

  it('has reported no problem after all these tests', () => {
    expect(stack().problems()).toEqual([]);
  });

  // Last: a function is ended, or a run of the sweep falls into an outage and fails, which is reported as a problem.
  describe('lost commands', () => lostCommandsSuite(stack));
  describe('outages', () => outagesSuite(stack));
});

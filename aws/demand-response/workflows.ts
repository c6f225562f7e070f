import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Workflows } from '../../use-cases/ports/demand-response/workflows.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';

/** Executions of one state machine in Step Functions. */
export const workflows = (
  stateMachineArn: string,
  client = new SFNClient(clientConfig(callPolicies.consumer)),
): Workflows => ({
  start: async (name, input) => {
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'closed';
      throw error;
    }
  },
});

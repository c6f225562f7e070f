import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Workflows } from '../../use-cases/ports/demand-response/workflows.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openPatiently } from '../open-client.ts';

/** Executions of one state machine in Step Functions. */
export const workflows = (stateMachineArn: string, open: OpenClient = openPatiently): Workflows => {
  const client = open(SFNClient, callPolicies.consumer);
  return {
    start: async (name, input) => {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'closed';
        throw error;
      }
    },
  };
};

import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { openExecutions } from './executions.ts';
import { stateMachine } from './state-machine.ts';
import { stepfunctionsEndpoint } from './stepfunctions-endpoint.ts';

/** Step Functions: Standard workflows in JSONPath, whose tasks are Lambda functions. */
export const stepfunctions: LocalService = {
  name: 'states',
  kinds: [stateMachine],
  start: async ({ arnOf, deployment, journal, onStop, open, reach, report, system }) => {
    const machines = deployment.all(stateMachine);
    const executions = await openExecutions({
      machines: new Map(machines.map(({ logicalId, properties }) => [arnOf(logicalId), properties.DefinitionString])),
      open: (current) => journal('executions', current),
      invoke: (functionArn, event) => reach(functionArn, 'invoke')(functionArn, event),
      report,
      system,
    });
    const port = await open(stepfunctionsEndpoint(executions));
    onStop(executions.close);
    return {
      environment: { AWS_ENDPOINT_URL_SFN: urlAt(port) },
      begin: async () => executions.resume(),
    };
  },
};

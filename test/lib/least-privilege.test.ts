import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { rights } from './rights.ts';
import { synthesized } from './synthesized.ts';

/** Rights every function has: its own log. */
const ownLog = (id: string): string[] => [`logs:CreateLogStream <${id}.Arn>`, `logs:PutLogEvents <${id}.Arn>`];
const closeSockets =
  'execute-api:ManageConnections arn::execute-api:::<GatewayWebsocketApi>/live/DELETE/@connections/*';
const sendCommands = [
  'execute-api:ManageConnections arn::execute-api:::<GatewayWebsocketApi>/live/POST/@connections/*',
  'iot:Publish arn::iot:::topic/ocpp/*/out',
];
const stepMailboxes = [
  'dynamodb:BatchGetItem <TablesCommands.Arn>',
  'dynamodb:BatchGetItem <TablesStations.Arn>',
  'dynamodb:GetItem <TablesCommands.Arn>',
  'dynamodb:PutItem <TablesCommands.Arn>',
];
const readsCredentials = ['dynamodb:GetItem <TablesCredentials.Arn>', 'dynamodb:GetItem <TablesStations.Arn>'];
const putFrames = 'kinesis:PutRecord <OcppStream.Arn>';
const followStream = (action: string, tables = ['Alerts', 'Connectors', 'Grid', 'Stations']): string[] =>
  tables.map((table) => `${action} <Tables${table}.StreamArn>`);
const putSignals = 'kinesis:PutRecords <SignalsStream.Arn>';
const leaveFailures = ['s3:ListBucket <ParkedBucket.Arn>', 's3:PutObject <ParkedBucket.Arn>/*'];

let prod: Template;
let dev: Template;
beforeAll(() => {
  prod = synthesized({ stage: 'prod' }).template;
  dev = synthesized({ stage: 'dev' }).template;
});

describe('the rights of roles', () => {
  it('on prod are exactly the ones listed here', () => {
    const may = rights(prod);
    const graphql = Object.keys(may).filter((role) => role.startsWith('GraphqlSources'));
    expect(Object.fromEntries(Object.entries(may).filter(([role]) => !graphql.includes(role)))).toEqual({
      GatewayAuthorizeStationRole: [...readsCredentials, ...ownLog('GatewayAuthorizeStationLogs')],
      GatewayAuthorizeMqttRole: [...readsCredentials, ...ownLog('GatewayAuthorizeMqttLogs')],
      GatewayTrackConnectRole: [
        ...stepMailboxes,
        'dynamodb:GetItem <TablesStations.Arn>',
        'dynamodb:UpdateItem <TablesStations.Arn>',
        closeSockets,
        putFrames,
        ...ownLog('GatewayTrackConnectLogs'),
      ].sort(),
      GatewayTrackDisconnectRole: [
        ...stepMailboxes,
        'dynamodb:UpdateItem <TablesStations.Arn>',
        ...sendCommands,
        putFrames,
        ...ownLog('GatewayTrackDisconnectLogs'),
      ],
      GatewayTrackPresenceRole: [
        ...stepMailboxes,
        'dynamodb:GetItem <TablesStations.Arn>',
        'dynamodb:UpdateItem <TablesStations.Arn>',
        closeSockets,
        ...sendCommands,
        putFrames,
        ...ownLog('GatewayTrackPresenceLogs'),
        ...leaveFailures,
      ].sort(),
      GatewayAnswerWebsocketRole: [
        ...stepMailboxes,
        'dynamodb:GetItem <TablesTags.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>/index/byActiveTag',
        'dynamodb:UpdateItem <TablesStations.Arn>',
        putFrames,
        ...ownLog('GatewayAnswerWebsocketLogs'),
      ].sort(),
      GatewayAnswerMqttRole: [
        ...stepMailboxes,
        'dynamodb:GetItem <TablesStations.Arn>',
        'dynamodb:GetItem <TablesTags.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>/index/byActiveTag',
        'dynamodb:UpdateItem <TablesStations.Arn>',
        ...sendCommands,
        putFrames,
        ...ownLog('GatewayAnswerMqttLogs'),
        ...leaveFailures,
      ].sort(),
      GatewayMqttParkRole: ['s3:PutObject <ParkedBucket.Arn>/mqtt/*'],
      GatewayMqttSignalRole: ['kinesis:PutRecord <SignalsStream.Arn>'],
      GatewayWebsocketLogRole: ['managed arn::iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
      RelayCommandsConsumerRole: [
        ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].flatMap((action) =>
          followStream(`dynamodb:${action}`, ['Commands']),
        ),
        putFrames,
        putSignals,
        ...ownLog('RelayCommandsConsumerLogs'),
        ...leaveFailures,
        'sqs:SendMessage <WakeUpsQueue.Arn>',
      ],
      WakeMailboxesRole: [
        ...stepMailboxes,
        'events:PutEvents <EventsBus.Arn>',
        ...sendCommands,
        ...ownLog('WakeMailboxesLogs'),
        'sqs:DeleteMessage <WakeUpsQueue.Arn>',
        'sqs:GetQueueAttributes <WakeUpsQueue.Arn>',
        'sqs:ReceiveMessage <WakeUpsQueue.Arn>',
        'sqs:SendMessage <WakeUpsQueue.Arn>',
      ],
      ProjectStateConsumerRole: [
        'dynamodb:GetItem <TablesStations.Arn>',
        'dynamodb:PutItem <TablesConnectors.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>',
        'dynamodb:UpdateItem <TablesStations.Arn>',
        'kinesis:DescribeStream <OcppStream.Arn>',
        'kinesis:DescribeStreamSummary <OcppStream.Arn>',
        'kinesis:GetRecords <OcppStream.Arn>',
        'kinesis:GetShardIterator <OcppStream.Arn>',
        'kinesis:ListShards <OcppStream.Arn>',
        ...ownLog('ProjectStateConsumerLogs'),
        ...leaveFailures,
        'sqs:SendMessage <WakeUpsQueue.Arn>',
      ],
      PublishChangesConsumerRole: [
        'dynamodb:DeleteItem <TablesAlerts.Arn>',
        ...followStream('dynamodb:DescribeStream'),
        ...followStream('dynamodb:GetRecords'),
        ...followStream('dynamodb:GetShardIterator'),
        ...followStream('dynamodb:ListStreams'),
        'dynamodb:PutItem <TablesAlerts.Arn>',
        'dynamodb:Query <TablesAlerts.Arn>',
        'dynamodb:Scan <TablesSettings.Arn>',
        'dynamodb:Scan <TablesSites.Arn>/index/byConfigured',
        'events:PutEvents <EventsBus.Arn>',
        putSignals,
        ...ownLog('PublishChangesConsumerLogs'),
        ...leaveFailures,
      ],
      SweepFleetRole: [
        'lambda:InvokeFunction <SweepFleetTaskFunction.Arn>',
        'sqs:SendMessage <SweepFleetDeadLettersQueue.Arn>',
      ],
      SweepFleetTaskRole: [
        'dynamodb:BatchGetItem <TablesSites.Arn>',
        'dynamodb:BatchGetItem <TablesStations.Arn>',
        'dynamodb:BatchGetItem <TablesWindows.Arn>',
        'dynamodb:BatchWriteItem <TablesTimeline.Arn>',
        'dynamodb:DeleteItem <TablesAlerts.Arn>',
        'dynamodb:DeleteItem <TablesTimeline.Arn>',
        'dynamodb:GetItem <TablesSettings.Arn>',
        'dynamodb:GetItem <TablesTimeline.Arn>',
        'dynamodb:PutItem <TablesAlerts.Arn>',
        'dynamodb:PutItem <TablesTimeline.Arn>',
        'dynamodb:PutItem <TablesWindows.Arn>',
        'dynamodb:Query <TablesAlerts.Arn>',
        'dynamodb:Query <TablesCommands.Arn>/index/byDue',
        'dynamodb:Query <TablesConnectors.Arn>',
        'dynamodb:Query <TablesGrid.Arn>/index/byOpen',
        'dynamodb:Query <TablesSessions.Arn>/index/byStation',
        'dynamodb:Query <TablesTimeline.Arn>',
        'dynamodb:Query <TablesWindows.Arn>',
        'dynamodb:Scan <TablesAlerts.Arn>/index/watched',
        'dynamodb:Scan <TablesConnectors.Arn>',
        'dynamodb:Scan <TablesSettings.Arn>',
        'dynamodb:Scan <TablesSites.Arn>/index/byConfigured',
        'dynamodb:Scan <TablesStations.Arn>',
        'kinesis:PutRecord <OcppStream.Arn>',
        putSignals,
        'kms:Decrypt <WindowsKey.Arn>',
        'kms:GenerateDataKey <WindowsKey.Arn>',
        ...ownLog('SweepFleetTaskLogs'),
        's3:ListBucket <ParkedBucket.Arn>',
        'sqs:SendMessage <WakeUpsQueue.Arn>',
        'timestream:DescribeEndpoints *',
        'timestream:Select <WindowsTable.Arn>',
        'timestream:WriteRecords <WindowsTable.Arn>',
      ],
      ServeDemandResponseRole: [
        'dynamodb:BatchGetItem <TablesConnectors.Arn>',
        'dynamodb:BatchGetItem <TablesGrid.Arn>',
        'dynamodb:BatchGetItem <TablesStations.Arn>',
        'dynamodb:GetItem <TablesGrid.Arn>',
        'dynamodb:PutItem <TablesGrid.Arn>',
        'dynamodb:Query <TablesGrid.Arn>',
        'dynamodb:Query <TablesGrid.Arn>/index/byOpen',
        'dynamodb:Query <TablesGrid.Arn>/index/byStart',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        'dynamodb:Query <TablesStations.Arn>/index/byZone',
        ...ownLog('ServeDemandResponseLogs'),
        'states:StartExecution <DemandResponseStateMachine>',
      ],
      DemandResponseRole: ['lambda:InvokeFunction <DemandResponseStepsFunction.Arn>'],
      DemandResponseStepsRole: [
        ...stepMailboxes,
        ...sendCommands,
        'dynamodb:BatchGetItem <TablesConnectors.Arn>',
        'dynamodb:BatchGetItem <TablesGrid.Arn>',
        'dynamodb:BatchGetItem <TablesWindows.Arn>',
        'dynamodb:GetItem <TablesGrid.Arn>',
        'dynamodb:PutItem <TablesGrid.Arn>',
        'dynamodb:Query <TablesCommands.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>/index/bySite',
        'dynamodb:Query <TablesGrid.Arn>',
        'dynamodb:Query <TablesGrid.Arn>/index/byStart',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        'dynamodb:Query <TablesStations.Arn>/index/byZone',
        'dynamodb:Query <TablesWindows.Arn>',
        'dynamodb:Scan <TablesSites.Arn>/index/byConfigured',
        'kinesis:PutRecords <SignalsStream.Arn>',
        ...ownLog('DemandResponseStepsLogs'),
        'kms:Decrypt <WindowsKey.Arn>',
        'timestream:DescribeEndpoints *',
        'timestream:Select <WindowsTable.Arn>',
      ].sort(),
      DemandResponseAcceptRole: [
        'dynamodb:GetItem <TablesGrid.Arn>',
        'dynamodb:PutItem <TablesGrid.Arn>',
        'dynamodb:Query <TablesGrid.Arn>/index/byOpen',
        'events:PutEvents <EventsBus.Arn>',
        ...ownLog('DemandResponseAcceptLogs'),
        'sqs:SendMessage <DemandResponseAcceptSignalsDeadLettersQueue.Arn>',
        'states:StartExecution <DemandResponseStateMachine>',
      ],
      DemandResponseAcceptMqttRole: [
        'dynamodb:GetItem <TablesGrid.Arn>',
        'dynamodb:PutItem <TablesGrid.Arn>',
        'dynamodb:Query <TablesGrid.Arn>/index/byOpen',
        'events:PutEvents <EventsBus.Arn>',
        ...ownLog('DemandResponseAcceptMqttLogs'),
        ...leaveFailures,
        'states:StartExecution <DemandResponseStateMachine>',
      ],
      AcceptRequestsRole: [
        ...stepMailboxes,
        'events:PutEvents <EventsBus.Arn>',
        ...sendCommands,
        ...ownLog('AcceptRequestsLogs'),
        'sqs:SendMessage <AcceptRequestsDeadLettersQueue.Arn>',
        'sqs:SendMessage <WakeUpsQueue.Arn>',
      ].sort(),
      ReadCapabilitiesRole: [
        ...stepMailboxes,
        'dynamodb:GetItem <TablesSites.Arn>',
        'dynamodb:GetItem <TablesStations.Arn>',
        ...sendCommands,
        ...ownLog('ReadCapabilitiesLogs'),
        'sqs:SendMessage <ReadCapabilitiesBootsDeadLettersQueue.Arn>',
      ].sort(),
      AcceptSiteSignalsRole: [
        'events:PutEvents <EventsBus.Arn>',
        putSignals,
        ...ownLog('AcceptSiteSignalsLogs'),
        'sqs:SendMessage <AcceptSiteSignalsDeadLettersQueue.Arn>',
      ],
      AllocateSiteConsumerRole: [
        ...stepMailboxes,
        'dynamodb:BatchGetItem <TablesConnectors.Arn>',
        'dynamodb:BatchWriteItem <TablesTimeline.Arn>',
        'dynamodb:GetItem <TablesSites.Arn>',
        'dynamodb:PutItem <TablesSites.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>/index/activeBySite',
        'dynamodb:Query <TablesConnectors.Arn>/index/bySite',
        'dynamodb:Query <TablesSites.Arn>',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        ...sendCommands,
        ...['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map(
          (action) => `kinesis:${action} <SignalsStream.Arn>`,
        ),
        'kinesis:SubscribeToShard <SignalsFanOut.ConsumerARN>',
        ...ownLog('AllocateSiteConsumerLogs'),
        ...leaveFailures,
      ].sort(),
      ServeSitesRole: [
        'dynamodb:BatchGetItem <TablesStations.Arn>',
        'dynamodb:GetItem <TablesSites.Arn>',
        'dynamodb:PutItem <TablesSites.Arn>',
        'dynamodb:Query <TablesSites.Arn>',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        putSignals,
        ...ownLog('ServeSitesLogs'),
      ],
      ServeCommandsRole: [
        ...stepMailboxes,
        'dynamodb:GetItem <TablesStations.Arn>',
        'dynamodb:Query <TablesCommands.Arn>',
        ...sendCommands,
        ...ownLog('ServeCommandsLogs'),
      ].sort(),
      ServeAlertsRole: [
        'dynamodb:GetItem <TablesAlerts.Arn>',
        'dynamodb:GetItem <TablesSettings.Arn>',
        'dynamodb:GetItem <TablesSites.Arn>',
        'dynamodb:PutItem <TablesAlerts.Arn>',
        'dynamodb:Query <TablesAlerts.Arn>',
        'dynamodb:Query <TablesAlerts.Arn>/index/byOpen',
        'dynamodb:Query <TablesAlerts.Arn>/index/bySite',
        'dynamodb:Query <TablesAlerts.Arn>/index/byStation',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        'dynamodb:UpdateItem <TablesSettings.Arn>',
        ...ownLog('ServeAlertsLogs'),
      ],
      QueryNetworkRole: [
        'dynamodb:BatchGetItem <TablesConnectors.Arn>',
        'dynamodb:BatchGetItem <TablesSites.Arn>',
        'dynamodb:BatchGetItem <TablesStations.Arn>',
        'dynamodb:GetItem <TablesSites.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>/index/byRegion',
        'dynamodb:Query <TablesConnectors.Arn>/index/bySite',
        'dynamodb:Query <TablesConnectors.Arn>/index/byStatus',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        'dynamodb:Scan <TablesStations.Arn>/index/bySite',
        ...ownLog('QueryNetworkLogs'),
      ],
      QueryHistoryRole: [
        'dynamodb:BatchGetItem <TablesConnectors.Arn>',
        'dynamodb:BatchGetItem <TablesStations.Arn>',
        'dynamodb:BatchGetItem <TablesWindows.Arn>',
        'dynamodb:GetItem <TablesSessions.Arn>',
        'dynamodb:GetItem <TablesStations.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>',
        'dynamodb:Query <TablesConnectors.Arn>/index/activeBySite',
        'dynamodb:Query <TablesConnectors.Arn>/index/byActiveTag',
        'dynamodb:Query <TablesConnectors.Arn>/index/bySite',
        'dynamodb:Query <TablesSessions.Arn>/index/byDay',
        'dynamodb:Query <TablesSessions.Arn>/index/bySite',
        'dynamodb:Query <TablesSessions.Arn>/index/byStation',
        'dynamodb:Query <TablesSessions.Arn>/index/byTag',
        'dynamodb:Query <TablesStations.Arn>/index/bySite',
        'dynamodb:Query <TablesTimeline.Arn>',
        'dynamodb:Query <TablesWindows.Arn>',
        'dynamodb:Scan <TablesStations.Arn>',
        'kms:Decrypt <WindowsKey.Arn>',
        ...ownLog('QueryHistoryLogs'),
        'timestream:DescribeEndpoints *',
        'timestream:Select <WindowsTable.Arn>',
      ],
      RecordHistoryConsumerRole: [
        'dynamodb:BatchGetItem <TablesWindows.Arn>',
        'dynamodb:BatchWriteItem <TablesTimeline.Arn>',
        ...followStream('dynamodb:DescribeStream', ['Connectors', 'Stations']),
        'dynamodb:GetItem <TablesSessions.Arn>',
        ...followStream('dynamodb:GetRecords', ['Connectors', 'Stations']),
        ...followStream('dynamodb:GetShardIterator', ['Connectors', 'Stations']),
        ...followStream('dynamodb:ListStreams', ['Connectors', 'Stations']),
        'dynamodb:PutItem <TablesSessions.Arn>',
        'dynamodb:PutItem <TablesWindows.Arn>',
        'dynamodb:Query <TablesSessions.Arn>/index/byStation',
        'dynamodb:Query <TablesTimeline.Arn>',
        'dynamodb:Query <TablesWindows.Arn>',
        'dynamodb:Scan <TablesTariffs.Arn>',
        'kms:Decrypt <WindowsKey.Arn>',
        'kms:GenerateDataKey <WindowsKey.Arn>',
        ...ownLog('RecordHistoryConsumerLogs'),
        ...leaveFailures,
        'timestream:DescribeEndpoints *',
        'timestream:Select <WindowsTable.Arn>',
        'timestream:WriteRecords <WindowsTable.Arn>',
      ],
      AnnounceAlertsConsumerRole: [
        'dynamodb:BatchWriteItem <TablesTimeline.Arn>',
        ...followStream('dynamodb:DescribeStream', ['Alerts']),
        ...followStream('dynamodb:GetRecords', ['Alerts']),
        ...followStream('dynamodb:GetShardIterator', ['Alerts']),
        ...followStream('dynamodb:ListStreams', ['Alerts']),
        'kms:Decrypt <NotificationsKey.Arn>',
        'kms:GenerateDataKey <NotificationsKey.Arn>',
        ...ownLog('AnnounceAlertsConsumerLogs'),
        ...leaveFailures,
        'sns:Publish <NotificationsAlerts>',
      ],
      GraphqlKeyEndsRole: [
        'kms:Decrypt <NotificationsKey.Arn>',
        'kms:GenerateDataKey <NotificationsKey.Arn>',
        'sns:Publish <NotificationsOperations>',
      ],
      GraphqlLogRole: ownLog('GraphqlLogs'),
    });
  });

  it('of GraphQL read tables and their indexes and call the Lambdas that answer fields, and nothing else', () => {
    const others = Object.entries(rights(prod))
      .filter(([role]) => role.startsWith('GraphqlSources'))
      .flatMap(([, may]) => may)
      .filter((right) => !/^dynamodb:(GetItem|BatchGetItem|Query) <Tables\w+\.Arn>(\/index\/\w+)?$/.test(right))
      .filter((right) => !/^dynamodb:Scan <Tables\w+\.Arn>\/index\/\w+$/.test(right));
    expect(others).toEqual([
      'lambda:InvokeFunction <QueryNetworkFunction.Arn>',
      'lambda:InvokeFunction <QueryHistoryFunction.Arn>',
      'lambda:InvokeFunction <ServeAlertsFunction.Arn>',
      'lambda:InvokeFunction <ServeCommandsFunction.Arn>',
      'lambda:InvokeFunction <ServeSitesFunction.Arn>',
      'lambda:InvokeFunction <ServeDemandResponseFunction.Arn>',
    ]);
  });

  it.each(['dev', 'prod'])(
    'on %s never name all actions, and all resources only where an action knows none',
    (stage) => {
      const all = Object.values(rights(stage === 'dev' ? dev : prod)).flat();
      const wide = all.filter((right) => /^\S*\*\S* /.test(right) || / \*$/.test(right));
      const traces = stage === 'dev' ? ['xray:PutTelemetryRecords *', 'xray:PutTraceSegments *'] : [];
      expect([...new Set(wide)].toSorted()).toEqual(['timestream:DescribeEndpoints *', ...traces]);
    },
  );
});

import { Duration } from 'aws-cdk-lib';
import { EventBus as Bus, Match } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';

/** Source of every event of this stack. */
export const eventSource = 'wattstream';

/** The bus other systems subscribe to, with an archive of our own events that can be replayed. */
export class EventBus extends Construct {
  readonly bus: Bus;

  constructor(scope: Construct, id: string, { name, stage }: Deployment) {
    super(scope, id);
    this.bus = new Bus(this, 'Bus', {
      eventBusName: `wattstream-${name}`,
      description: 'State changes of the charging network',
    });
    this.bus.archive('Archive', {
      description: 'Replayable: consumers dedupe on detail.id',
      eventPattern: { source: Match.exactString(eventSource) },
      retention: Duration.days(stage.eventArchiveDays),
    });
  }

  writableBy(publisher: BundledFunction<unknown>): void {
    publisher.allow(['events:PutEvents'], this.bus.eventBusArn);
  }
}

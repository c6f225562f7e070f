import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from '../stages.ts';

/**
 * What becomes of data when its resource leaves the stack: kept where the stage keeps data, but not when the resource's own
 * creation is rolled back, or a first deployment that fails would leave empty tables with names and costs behind.
 */
export const removalPolicy = ({ keepData }: Pick<Stage, 'keepData'>): RemovalPolicy =>
  keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

import { platform } from '../../runtime/platform.ts';
import { wire } from './wire.ts';

export const { handler } = wire(process.env, platform);

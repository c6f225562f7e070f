export { unlockConnector } from '../../shared/to-charger/unlock-connector.ts';

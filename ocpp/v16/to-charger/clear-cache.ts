export { clearCache } from '../../shared/to-charger/clear-cache.ts';

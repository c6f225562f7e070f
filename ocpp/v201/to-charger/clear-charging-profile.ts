export { clearChargingProfile } from '../../shared/to-charger/clear-charging-profile.ts';

export { setChargingProfile } from '../../shared/to-charger/set-charging-profile.ts';

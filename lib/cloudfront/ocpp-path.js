// CloudFront Function (cloudfront-js-2.0), viewer request: wss://host/ocpp/{stationId} becomes a call of the WebSocket API's
// stage with the id in a header, because API Gateway answers 403 to any path behind a WebSocket stage.
// Deployed as it stands, and run as it stands by the local front door: no imports, no exports, no build.

// Characters of an OCPP identifierString; none of them needs quoting in a header.
const STATION_ID = /^[A-Za-z0-9*\-_=:+|@.]{1,48}$/;
const STAGE_PATH = '/live';

/** The id, percent-decoded once, or undefined. */
function stationId(uri) {
  const parts = uri.split('/');
  if (parts.length !== 3 || parts[0] !== '' || parts[1] !== 'ocpp') return undefined;
  try {
    const id = decodeURIComponent(parts[2]);
    return STATION_ID.test(id) ? id : undefined;
  } catch (_malformed) {
    return undefined;
  }
}

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const id = stationId(request.uri);
  if (id === undefined) return { statusCode: 404, statusDescription: 'Not Found' };
  // Overwrites what a client may have sent under this name.
  request.headers['x-wattstream-station'] = { value: id };
  request.uri = STAGE_PATH;
  request.querystring = {};
  return request;
}

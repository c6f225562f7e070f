// Takes the place of node:http2 in the bundles: every client is given a request handler for HTTP/1.1 (aws/call-policy.ts),
// and loading what nobody calls costs each start some ten milliseconds.
module.exports = {};

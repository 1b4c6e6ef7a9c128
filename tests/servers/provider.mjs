// An identity provider for tests: the npm package oidc-provider on a free port of this machine.
// usage: node provider.mjs FOLDER-WITH-node_modules CONFIGURATION-AS-JSON; it prints its issuer, then serves until it is killed.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, written] = process.argv.slice(2);
const { redirects, people } = JSON.parse(written);
const { Provider } = await import(pathToFileURL(path.join(folder, 'node_modules/oidc-provider/lib/index.js')));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const server = createServer((request, response) => callback(request, response));
server.listen(0, '127.0.0.1');
await new Promise((resolve) => { server.once('listening', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;

const common = { redirect_uris: redirects, grant_types: ['authorization_code'], response_types: ['code'] };
const provider = new Provider(issuer, {
  clients: [
    { ...common, client_id: 'muster', client_secret: 'a secret of the tests' },
    { ...common, client_id: 'muster-es', token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' },
  ],
  jwks: { keys: [{ ...rsa, alg: 'RS256', use: 'sig', kid: 'r' }, { ...ec, alg: 'ES256', use: 'sig', kid: 'e' }] },
  claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['for tests only'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
const callback = provider.callback();
console.log(issuer);

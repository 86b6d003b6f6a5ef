import { say } from '../language/text.ts';
import type { Explanation } from './failure-words.ts';

/** By OpenSSL's and Node's codes. */
const CERTIFICATES: readonly (readonly [RegExp, Explanation])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)$/,
    {
      why: say('its certificate is of no authority that is trusted'),
      wayOut: say(
        'name the authority as certificate-authority-data of the cluster in its kubeconfig',
      ),
    },
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    {
      why: say('its certificate has expired'),
      wayOut: say(
        'have the certificate of the API server renewed; if it is valid, set the clock of this machine',
      ),
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    {
      why: say('its certificate is not valid yet'),
      wayOut: say('set the clock of this machine by NTP, or that of whoever made the certificate'),
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      why: say('its certificate is for another name'),
      wayOut: say(
        'use a server address that the certificate names, or set tls-server-name of the cluster in its kubeconfig',
      ),
    },
  ],
  [
    /^(ERR_SSL_|EPROTO|CERT_|ERR_TLS_)/,
    {
      why: say('it does not speak TLS as expected'),
      wayOut: say(
        'check that https is spoken at this address and port, and the certificates of its kubeconfig',
      ),
    },
  ],
];

/** What keeps an encrypted connection from coming about; undefined where it is something else. */
export function explainCertificate(code: string): Explanation | undefined {
  return CERTIFICATES.find(([pattern]) => pattern.test(code))?.[1];
}

import { describe, expect, it } from 'vitest';
import { look, node } from '../client.ts';
import { podWithImage, useSlowCluster } from './slow-cluster.ts';

const slow = useSlowCluster(() => [node('n-1')]);
const image = 'registry.example/app:1';

describe('a pull that fails', () => {
  const resolving = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
  const manifest = 'https://registry.example/v2/app/manifests/1';

  it.each([
    ['not_found', `rpc error: code = NotFound desc = ${resolving}: ${image}: not found`],
    [
      'unauthorized',
      `rpc error: code = Unknown desc = ${resolving}: unexpected status from HEAD request to ${manifest}: 401 Unauthorized`,
    ],
    [
      'unreachable',
      `rpc error: code = Unknown desc = ${resolving}: failed to do request: Head "${manifest}": dial tcp 203.0.113.10:443: i/o timeout`,
    ],
    [
      'rate_limited',
      expect.stringMatching(
        /desc = failed to pull and unpack image .*: failed to copy: httpReadSeeker: failed open: unexpected status code https:\/\/registry\.example\/v2\/app\/manifests\/sha256:[0-9a-f]{64}: 429 Too Many Requests - Server message: toomanyrequests: rate exceeded$/,
      ),
    ],
  ] as const)('because the image is %s says so as containerd does', async (failure, message) => {
    slow.world.setImageSource('registry.example', { failure });
    slow.world.apply(podWithImage('web', image));

    await slow.pass(failure === 'unreachable' ? 30.2 : 0.6);

    expect(slow.container('web').state.waiting).toEqual({ reason: 'ErrImagePull', message });
    expect(slow.said('web').slice(2)).toEqual([
      `Warning Failed: Failed to pull image "${image}": ${slow.container('web').state.waiting.message}`,
      'Warning Failed: Error: ErrImagePull',
    ]);
  });

  it('is told apart on Docker Hub by its words for limits and missing rights', async () => {
    slow.world.setImageSource('docker.io', { failure: 'rate_limited' });
    slow.world.setImageSource('private/app', { failure: 'unauthorized' });
    slow.world.apply(podWithImage('hub', 'nginx:1.27'));
    slow.world.apply(podWithImage('private', 'private/app:1'));

    await slow.pass(1.2);

    const messageOf = (name: string) => slow.container(name).state.waiting.message;
    expect(messageOf('hub')).toContain('https://registry-1.docker.io/v2/library/nginx/manifests/');
    expect(messageOf('hub')).toContain('toomanyrequests: You have reached your pull rate limit.');
    expect(messageOf('private')).toContain('docker.io/private/app:1": pull access denied');
  });

  it('is backed off from for 10 seconds, then longer and longer, up to five minutes', async () => {
    slow.world.setImageSource(image, { failure: 'not_found' });
    slow.world.apply(podWithImage('web', image));
    await slow.pass(3);
    const waiting = slow.container('web').state.waiting;
    const began = slow.now();
    const pulls: number[] = [];
    const count = () => slow.world.list('Event', 'shop').map(look).find(isPulling)?.count ?? 0;
    const isPulling = (event: { reason: string }) => event.reason === 'Pulling';
    for (let seen = count(); pulls.length < 7; seen = count()) {
      while (count() === seen) await slow.pass(0.5);
      pulls.push(Math.round((slow.now() - began) / 1000));
    }

    const gaps = pulls.map((at, index) => at - (pulls[index - 1] ?? -3));
    expect(gaps.slice(1).map((gap) => Math.round(gap / 10) * 10)).toEqual([
      20, 40, 80, 160, 300, 300,
    ]);
    expect(waiting.reason).toBe('ImagePullBackOff');
    expect(waiting.message).toMatch(
      /^Back-off pulling image "registry\.example\/app:1": ErrImagePull: rpc error: code = NotFound/,
    );
    expect(slow.said('web')).toContain(`Normal BackOff: Back-off pulling image "${image}"`);
    expect(slow.said('web')).toContain('Warning Failed: Error: ImagePullBackOff');
  });

  it('succeeds once its cause is gone', async () => {
    slow.world.setImageSource(image, { failure: 'not_found' });
    slow.world.apply(podWithImage('web', image));
    await slow.pass(5);
    slow.world.setImageSource(image);

    await slow.pass(30);

    expect(slow.pod('web').status.phase).toBe('Running');
    expect(slow.container('web').restartCount).toBe(0);
  });

  it('is a name that is none', async () => {
    slow.world.apply(podWithImage('web', 'Registry.example/APP:1'));

    await slow.pass(1);

    expect(slow.container('web').state.waiting.reason).toBe('InvalidImageName');
  });
});

import { describe, expect, it } from 'vitest';
import { look, node, statusOf } from '../client.ts';
import { podWithImage, useSlowCluster } from './slow-cluster.ts';

const slow = useSlowCluster(() => [node('n-1')]);
const image = 'registry.example/app:1';
/** 20 ms a megabyte and 400 ms for the request. */
const sizeBytes = 500_000_000;

function run(name: string, container: object = {}): void {
  slow.world.apply(podWithImage(name, image, container));
}

describe('an image that is not on the node', () => {
  it('is pulled before its container starts, for as long as its size takes', async () => {
    slow.world.setImageSource(image, { sizeBytes });
    run('web');

    await slow.pass(10);
    const during = slow.container('web');
    await slow.pass(10);

    expect(during.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(slow.pod('web').status.phase).toBe('Running');
    expect(slow.said('web').slice(1)).toEqual([
      `Normal Pulling: Pulling image "${image}"`,
      `Normal Pulled: Successfully pulled image "${image}" in 10.4s (10.4s including waiting). Image size: ${sizeBytes} bytes.`,
      'Normal Created: Created container: main',
      'Normal Started: Started container main',
    ]);
  });

  it('has a pod that is ready to start containers, and is not initialised any less, while it is pulled', async () => {
    slow.world.setImageSource(image, { sizeBytes });
    run('web');

    await slow.pass(5);

    const pod = slow.world.get('Pod', 'web', 'shop');
    const types = ['PodReadyToStartContainers', 'Initialized', 'ContainersReady', 'Ready'];
    expect(types.map((type) => statusOf(pod, type))).toEqual(['True', 'True', 'False', 'False']);
    expect(look(pod).status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [main]',
      }),
    );
  });

  it('is pulled once for all its pods, and stands in the status of its node', async () => {
    slow.world.setImageSource(image, { sizeBytes });
    run('web');
    await slow.pass(30);
    run('again');

    await slow.pass(3);

    expect(slow.said('again').slice(1, 2)).toEqual([
      `Normal Pulled: Container image "${image}" already present on machine`,
    ]);
    const { imageID } = slow.container('web');
    expect(imageID).toMatch(/^registry\.example\/app@sha256:[0-9a-f]{64}$/);
    expect(look(slow.world.get('Node', 'n-1')).status.images).toEqual([
      { names: [imageID, image], sizeBytes },
    ]);
  });

  it('waits for its turn while the node pulls another one, and the event says so', async () => {
    slow.world.setImageSource(image, { sizeBytes });
    run('web');
    await slow.pass(0.1);
    slow.world.setImageSource('registry.example/small:1', { sizeBytes: 5_000_000 });
    slow.world.apply(podWithImage('small', 'registry.example/small:1'));

    await slow.pass(30);

    const [, , pulled] = slow.said('small');
    expect(pulled).toMatch(
      /in 500ms \(10\.\d+s including waiting\)\. Image size: 5000000 bytes\.$/,
    );
  });

  it('is pulled beside another one where the kubelet pulls several at a time', async () => {
    slow.world.setNodePulls('n-1', { parallelPulls: 2 });
    slow.world.setImageSource(image, { sizeBytes });
    run('web');
    slow.world.setImageSource('registry.example/small:1', { sizeBytes: 5_000_000 });
    slow.world.apply(podWithImage('small', 'registry.example/small:1'));

    await slow.pass(5);

    expect(slow.pod('small').status.phase).toBe('Running');
    expect(slow.pod('web').status.phase).toBe('Pending');
  });

  it.each([
    ['a slow registry', () => slow.world.setImageSource('registry.example', { slowness: 10 })],
    ['a slow node', () => slow.world.setNodePulls('n-1', { slowness: 10 })],
  ])('takes longer with %s', async (_, slowDown) => {
    slow.world.setImageSource(image, { sizeBytes });
    slowDown();
    run('web');

    await slow.pass(100);
    const during = slow.pod('web').status.phase;
    await slow.pass(10);

    expect([during, slow.pod('web').status.phase]).toEqual(['Pending', 'Running']);
    expect(slow.said('web')[2]).toMatch(/in 1m44s \(1m44s including waiting\)/);
  });
});

describe('a pull policy', () => {
  it('of Always asks the registry although the image is there, which is quick', async () => {
    slow.world.setImageSource(image, { sizeBytes });
    run('web');
    await slow.pass(30);
    run('again', { imagePullPolicy: 'Always' });

    await slow.pass(3);

    expect(slow.said('again')[2]).toMatch(/Successfully pulled image .* in 400ms/);
  });

  it('of Always fails with the registry although the image is there', async () => {
    run('web');
    await slow.pass(30);
    slow.world.setImageSource('registry.example', { failure: 'unauthorized' });
    run('again', { imagePullPolicy: 'Always' });

    await slow.pass(1);

    expect(slow.container('again').state.waiting.reason).toBe('ErrImagePull');
  });

  it('of Never fails until the image comes by another way', async () => {
    run('web', { imagePullPolicy: 'Never' });
    await slow.pass(5);
    const before = slow.container('web').state;
    run('other');
    await slow.pass(40);

    const message = `Container image "${image}" is not present with pull policy of Never`;
    expect(before).toEqual({ waiting: { reason: 'ErrImageNeverPull', message } });
    expect(slow.said('web')).toContain(`Warning ErrImageNeverPull: ${message}`);
    expect(slow.pod('web').status.phase).toBe('Running');
  });
});

describe('a node', () => {
  it('says its fifty largest images', async () => {
    for (let index = 0; index < 60; index += 1) {
      const each = `registry.example/many:${index}`;
      slow.world.setImageSource(each, { sizeBytes: 1_000_000 + index });
      slow.world.apply(podWithImage(`many-${index}`, each, { resources: {} }));
    }

    await slow.pass(120);

    const { images } = look(slow.world.get('Node', 'n-1')).status;
    expect(images).toHaveLength(50);
    expect(images[0].names).toContain('registry.example/many:59');
    expect(images[49].names).toContain('registry.example/many:10');
  });

  it('that comes in the place of one that is gone has none of its images', async () => {
    run('web');
    await slow.pass(30);
    slow.world.remove('Node', 'n-1');
    await slow.pass(60);
    slow.world.apply(node('n-1'));
    run('again');

    await slow.pass(1);

    expect(slow.said('again')).toContain(`Normal Pulling: Pulling image "${image}"`);
  });

  it('pulls again what its garbage collection has taken', async () => {
    run('web');
    await slow.pass(30);
    slow.world.forgetImage('n-1', image);
    run('again');

    await slow.pass(1);

    expect(slow.said('again')).toContain(`Normal Pulling: Pulling image "${image}"`);
  });
});

describe('containers of one pod', () => {
  it('pull their images one after the other, and one that fails does not keep the next', async () => {
    slow.world.setImageSource('registry.example/broken:1', { failure: 'not_found' });
    slow.world.setImageSource(image, { sizeBytes });
    const { spec, ...rest } = podWithImage('web', 'registry.example/broken:1');
    const containers = [
      { name: 'broken', image: 'registry.example/broken:1' },
      { name: 'fine', image },
    ];
    slow.world.apply({ ...rest, spec: { ...(spec as object), containers } });

    await slow.pass(20);

    const { status } = slow.pod('web');
    expect(status.phase).toBe('Pending');
    expect(Object.keys(status.containerStatuses[1].state)).toEqual(['running']);
    expect(status.containerStatuses[0].state.waiting.reason).toMatch(
      /ErrImagePull|ImagePullBackOff/,
    );
  });

  it('wait for the init containers', async () => {
    slow.world.setImageSource('registry.example/init:1', { sizeBytes });
    const { spec, ...rest } = podWithImage('web', image);
    const initContainers = [{ name: 'prepare', image: 'registry.example/init:1' }];
    slow.world.apply({ ...rest, spec: { ...(spec as object), initContainers } });

    await slow.pass(5);
    const during = slow.pod('web').status;
    await slow.pass(30);
    const after = slow.pod('web').status;

    expect(during.containerStatuses[0].state.waiting.reason).toBe('PodInitializing');
    expect(during.conditions).toContainEqual(
      expect.objectContaining({ type: 'Initialized', status: 'False' }),
    );
    expect(after.initContainerStatuses[0].state.terminated.reason).toBe('Completed');
    expect(after.phase).toBe('Running');
  });
});

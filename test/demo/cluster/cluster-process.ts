import { startSimulatedCluster } from '../../../src/demo/cluster/simulated-cluster.ts';

/** A simulated cluster in a process of its own, to be killed. */
const cluster = await startSimulatedCluster({
  name: 'killed',
  region: 'test',
  seed: [],
  dataFile: process.argv[2] ?? '',
});
process.send?.({ url: cluster.url, token: cluster.token });

// The module boundaries of docs/how-it-works.md, checked by `npm run boundaries`.
const core = '^src/(triggers|runbooks|runs|actions|audit)/';
/** What an adapter shows to the rest: the file named like its folder, and the Kubernetes vocabulary. */
const interfaces = '^src/([^/]+)/\\1[.]ts$|^src/kubernetes/resources/';
const adapters = '^src/(slack|http|cron|cli|workflow|kubernetes|image-registry|provider|database)/';

/** Only files matching `path` may import `vendor`. */
function keepIn(path, vendor) {
  return {
    name: `${vendor}-stays-in-its-adapter`,
    comment: `Only ${path} may import ${vendor}. Ask for what you need through the interface beside it.`,
    severity: 'error',
    from: { path: '^src/', pathNot: path },
    to: { path: `node_modules/${vendor}/` },
  };
}

export default {
  forbidden: [
    {
      name: 'core-knows-interfaces-only',
      comment: 'The core may import <adapter>/<adapter>.ts (the interface), never what implements it.',
      severity: 'error',
      from: { path: core },
      to: { path: adapters, pathNot: interfaces },
    },
    {
      name: 'adapters-do-not-know-each-other',
      comment: 'slack/ may know kubernetes/kubernetes.ts, never what implements it: app.ts joins them.',
      severity: 'error',
      from: { path: adapters },
      to: { path: adapters, pathNot: ['^src/$1/', interfaces] },
    },
    {
      name: 'nothing-imports-the-entry',
      comment: 'app.ts is for main.ts and tests of the whole product; main.ts is for nobody.',
      severity: 'error',
      from: { path: '^(src|test)/', pathNot: '^(src/main[.]ts|src/cli/|test/(e2e|chaos)/)' },
      to: { path: '^src/(main|app)[.]ts$' },
    },
    {
      name: 'the-product-does-not-know-its-demo',
      comment: 'demo/ speaks to Handrail as Slack and Kubernetes do, from outside.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(demo/|app[.]ts|main[.]ts)' },
      to: { path: '^src/demo/' },
    },
    { name: 'src-never-imports-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
    keepIn('^src/slack/', '@slack'),
    keepIn('^src/kubernetes/', '@kubernetes/client-node'),
    keepIn('^src/workflow/', '@dbos-inc/dbos-sdk'),
    keepIn('^src/report/', '@resvg/resvg-js'),
    keepIn('^src/cron/', 'node-cron'),
    keepIn('^src/database/', 'pg'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};

// `node healthy.mjs live|ready`: ends with status 0 where the server in this container says so. For health checks, without curl.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/v1/health/${process.argv[2] ?? 'live'}`).catch(
  () => undefined,
);
process.exitCode = answer?.ok ? 0 : 1;

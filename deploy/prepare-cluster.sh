#!/bin/bash
# Runs once, before the cluster: certificates for each node of the database, and the connection string for the nodes of Plenary.
# Each gets what it needs in a volume of its own. What is there stays: run again, it changes nothing.
set -euo pipefail

days=1825
if [[ ! "${KURRENTDB_ADMIN_PASSWORD:-}" =~ ^[A-Za-z0-9]{16,}$ ]]; then
  echo 'KURRENTDB_ADMIN_PASSWORD must be set, to 16 letters and digits or more: put it into .env' >&2
  exit 1
fi

if [[ ! -f /authority/ca.crt ]]; then
  # What an earlier run left when it was cut short.
  rm -rf /authority/new
  es-gencert-cli create-ca -days "$days" -out /authority/new
  mv /authority/new/ca.key /authority/ca.key
  mv /authority/new/ca.crt /authority/ca.crt
  rm -r /authority/new
fi

for number in 1 2 3; do
  node="/node-$number"
  if [[ ! -f "$node/node.crt" ]]; then
    rm -rf "$node/new"
    es-gencert-cli create-node -days "$days" -ca-certificate /authority/ca.crt -ca-key /authority/ca.key -out "$node/new" \
      -ip-addresses "127.0.0.1,172.30.240.1$number" -dns-names "localhost,kurrentdb-$number"
    mkdir -p "$node/ca"
    cp /authority/ca.crt "$node/ca/ca.crt"
    # Whoever runs the database may read them: nobody but this node has the volume.
    chmod 0644 "$node/new/node.key" "$node/new/node.crt" "$node/ca/ca.crt"
    # The certificate comes last: it is there only where all is.
    mv "$node/new/node.key" "$node/node.key"
    mv "$node/new/node.crt" "$node/node.crt"
    rm -r "$node/new"
  fi
done

cp /authority/ca.crt /connection/ca.crt
hosts='kurrentdb-1:2113,kurrentdb-2:2113,kurrentdb-3:2113'
echo "esdb://admin:$KURRENTDB_ADMIN_PASSWORD@$hosts?tls=true&tlsCAFile=/connection/ca.crt&nodePreference=leader" > /connection/eventstore-url
chmod 0644 /connection/ca.crt /connection/eventstore-url

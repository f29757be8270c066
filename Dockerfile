# The API in a container: built in one stage, run in another that holds only what runs. It needs nothing but its volumes to be writable.
FROM node:22.23.3-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY apps ./apps
COPY libs ./libs
RUN npm run build
RUN npm prune --omit=dev
# What the volumes are made from: they belong to who runs.
RUN mkdir volume

FROM node:22.23.3-bookworm-slim
# SQLite writes a file anew in a directory for temporary files: beside the data there is room.
ENV NODE_ENV=production PLENARY_HOST=0.0.0.0 PLENARY_DATA=/data PLENARY_KEYS=/keys PLENARY_SIGNER_DIR=/signer SQLITE_TMPDIR=/data
WORKDIR /app
COPY package.json LICENSE ./
COPY samples ./samples
COPY deploy/healthy.mjs ./deploy/
COPY deploy/plenary /usr/local/bin/plenary
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --from=build --chown=node:node /build/volume /data
COPY --from=build --chown=node:node /build/volume /keys
COPY --from=build --chown=node:node /build/volume /signer
COPY --from=build --chown=node:node /build/volume /backup
USER node
VOLUME ["/data", "/keys", "/signer", "/backup"]
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["node", "deploy/healthy.mjs", "live"]
ENTRYPOINT ["node", "dist/apps/cli/src/main.js"]
CMD ["serve"]

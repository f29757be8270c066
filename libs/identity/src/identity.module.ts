import { Module } from '@nestjs/common';
import { TokensController } from './identity.http.js';

@Module({ controllers: [TokensController] })
export class IdentityModule {}

import { Module } from '@nestjs/common';
import { BodiesController, BodyPartsController } from './bodies.http.js';
import { OrganisationsController, PersonsController } from './parties.http.js';

@Module({ controllers: [BodiesController, BodyPartsController, OrganisationsController, PersonsController] })
export class BodiesModule {}

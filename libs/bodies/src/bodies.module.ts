import { Module } from '@nestjs/common';
import { BodiesController } from './bodies.http.js';
import { MembershipPartsController, MembershipsController } from './memberships.http.js';
import { OfficePartsController, OfficesController } from './offices.http.js';
import { OrganisationsController, PersonsController } from './parties.http.js';
import { SeatsOfBodyController, TermsController } from './seats-of-body.http.js';

@Module({
  controllers: [
    BodiesController,
    MembershipsController,
    MembershipPartsController,
    SeatsOfBodyController,
    TermsController,
    OfficesController,
    OfficePartsController,
    OrganisationsController,
    PersonsController,
  ],
})
export class BodiesModule {}

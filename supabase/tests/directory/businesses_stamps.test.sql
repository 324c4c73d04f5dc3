-- Dates and spelling that follow from a write are set by it, once.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(12);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqp-one', 'Zqp One');
insert into directory.businesses (id, name, city, state, primary_category_id, email, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zqp Draft', 'Zqpville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'Info@Zqp.Example', 'draft'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zqp Active', 'Zqpville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active'),
  ('b7e57000-0000-4000-8000-000000000003', 'Zqp Deleted', 'Zqpville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'deleted');

create function pg_temp.row_of(name text)
returns directory.businesses
language sql
as $$
  select businesses.* from directory.businesses where businesses.name = row_of.name;
$$;

select is((pg_temp.row_of('Zqp Draft')).email, 'info@zqp.example',
  'an e-mail address is kept in lower case');
select is((pg_temp.row_of('Zqp Draft')).published_at, null, 'a draft has no date of publication');
select is((pg_temp.row_of('Zqp Active')).published_at, now(),
  'a business that begins active is published at once');
select is((pg_temp.row_of('Zqp Deleted')).deleted_at, now(),
  'a business that is deleted carries the date');

update directory.businesses set published_at = '2020-01-01', updated_at = '2020-01-01'
where name = 'Zqp Active';
select is((pg_temp.row_of('Zqp Active')).updated_at, now(),
  'a writer can not choose the date of the update');
update directory.businesses set status = 'suspended' where name = 'Zqp Active';
update directory.businesses set status = 'active' where name = 'Zqp Active';
select is((pg_temp.row_of('Zqp Active')).published_at, '2020-01-01'::timestamptz,
  'a business that comes back keeps the date of its first publication');

update directory.businesses set status = 'active' where name = 'Zqp Draft';
select is((pg_temp.row_of('Zqp Draft')).published_at, now(),
  'a draft that becomes active is dated');

select throws_ok(
  $$ update directory.businesses set status = 'active' where name = 'Zqp Deleted' $$,
  'PL141', null,
  'a deleted business does not become active, also not by the hand of the operator'
);
select throws_ok(
  $$ update directory.businesses set deleted_at = now() where name = 'Zqp Draft' $$,
  '23514', null,
  'a business that is not deleted carries no date of deletion'
);

insert into directory_internal.business_private (business_id, updated_at)
values ('b7e57000-0000-4000-8000-000000000001', '2020-01-01');
update directory_internal.business_private set notes = 'x'
where business_id = 'b7e57000-0000-4000-8000-000000000001';
select is(
  (
    select updated_at from directory_internal.business_private
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  now(),
  'the private part of a business is dated too'
);

insert into directory_internal.business_claims (business_id, kind, token_hash, expires_at)
values ('b7e57000-0000-4000-8000-000000000001', 'claim', sha256('zqp'), now() + interval '1 day');
insert into directory.service_areas (business_id, area)
values ('b7e57000-0000-4000-8000-000000000001',
  'MULTIPOLYGON(((0 0, 0 1, 1 1, 1 0, 0 0)))');
insert into directory.business_categories (business_id, category_id)
values ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000001');
select lives_ok(
  $$ delete from directory.businesses where name = 'Zqp Draft' $$,
  'the operator can remove a business for good'
);
select is(
  (
    select count(*) from (
      select business_id from directory_internal.business_private
      union all select business_id from directory_internal.business_claims
      union all select business_id from directory.service_areas
      union all select business_id from directory.business_categories
      union all select business_id from directory.business_stats
      union all select business_id from directory.listings
      union all select business_id from directory_internal.documents
    ) as left_over
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  0::bigint,
  'nothing of a removed business is left in any table'
);

select * from finish();
rollback;

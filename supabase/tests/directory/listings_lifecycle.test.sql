-- A visible business has a listing, a hidden one has none, and the listing says what the business
-- says.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(25);

insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
insert into directory.categories (id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', 'zsl-one', 'Zsl One'),
  ('c7e57000-0000-4000-8000-000000000002', 'zsl-two', 'Zsl Two');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zsl Draft', 'Zslville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zsl Active', 'Zslville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active');

-- where the first business is to be found
create function pg_temp.found()
returns text
language sql
as $$
  select concat_ws(
    ' ',
    (select 'listing' from directory.listings
      where business_id = 'b7e57000-0000-4000-8000-000000000001'),
    (select 'document' from directory_internal.documents
      where business_id = 'b7e57000-0000-4000-8000-000000000001')
  );
$$;
create function pg_temp.listing()
returns directory.listings
language sql
as $$
  select listings.* from directory.listings
  where business_id = 'b7e57000-0000-4000-8000-000000000001';
$$;
create function pg_temp.put(assignments text)
returns text
language plpgsql
as $$
begin
  execute format(
    'update directory.businesses set %s where id = %L',
    assignments, 'b7e57000-0000-4000-8000-000000000001'
  );
  return pg_temp.found();
end;
$$;

select is(pg_temp.found(), '', 'a draft has neither listing nor document');
select isnt_empty(
  $$
    select 1 from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  'a business that is born active has a listing'
);
select is(pg_temp.put($$ status = 'active' $$), 'listing document',
  'a draft that is published gets both');
select is(pg_temp.put($$ status = 'suspended' $$), '', 'a suspended business loses both');
select is(pg_temp.put($$ status = 'active' $$), 'listing document', 'a restored business has both');
select is(pg_temp.put($$ suspended_at = now() - interval '1 hour' $$), '',
  'a suspension that has begun takes both');
select is(pg_temp.put($$ suspended_until = now() + interval '1 hour' $$), '',
  'a suspension that still lasts keeps both away');
select is(pg_temp.put($$ suspended_until = now() - interval '1 minute' $$), 'listing document',
  'a suspension that is over gives both back');
select is((pg_temp.listing()).visible_until, null,
  'a listing after a suspension has no end');
select is(
  pg_temp.put($$ suspended_at = now() + interval '1 hour', suspended_until = null $$),
  'listing document',
  'a suspension that lies ahead leaves both'
);
select is((pg_temp.listing()).visible_until, now() + interval '1 hour',
  'a listing carries the start of a suspension that lies ahead');
select is(pg_temp.put($$ suspended_at = null $$), 'listing document',
  'a suspension that is called off leaves both');
select is((pg_temp.listing()).visible_until, null, 'its end is gone from the listing');

select pg_temp.put($$
  name = 'Zsl Café', short_description = null, description = repeat('d', 300),
  primary_category_id = 'c7e57000-0000-4000-8000-000000000002', tags = '{a,b}',
  phone = '512 555 0100', website = 'https://example.com', logo_url = 'https://example.com/l',
  cover_image_url = 'https://example.com/c', city = 'Newtown', state = 'CA', zip_code = '90001',
  country = 'Canada', longitude = -100.5, latitude = 40.25, subscription_tier = 'elite',
  verification_status = 'verified', featured_until = now() + interval '1 day'
$$) is null as put;
select results_eq(
  $$
    select name, short_description, category_id, tags, phone, website, logo_url, cover_image_url,
      city, state, zip_code, country, longitude, latitude, subscription_tier, is_verified,
      featured_until
    from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$
    values ('Zsl Café', repeat('d', 200), 'c7e57000-0000-4000-8000-000000000002'::uuid,
      '{a,b}'::text[], '512 555 0100', 'https://example.com', 'https://example.com/l',
      'https://example.com/c', 'Newtown', 'CA', '90001', 'Canada', -100.5::float8, 40.25::float8,
      'elite', true, now() + interval '1 day')
  $$,
  'a listing says what the business says; the start of the description stands for a short one'
);
select ok(
  extensions.st_equals(
    (pg_temp.listing()).location::extensions.geometry,
    extensions.st_setsrid(extensions.st_makepoint(-100.5, 40.25), 4326)
  ),
  'the location of a listing is that of the business'
);
select is(
  (pg_temp.listing()).slug,
  (select slug from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'),
  'a listing has the address of the business'
);
select is(
  (pg_temp.listing()).published_at,
  (select published_at from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'),
  'a listing has the date of publication'
);
select pg_temp.put($$ short_description = 'Short', verification_status = 'rejected',
  longitude = null, latitude = null, featured_until = null $$) is null as put;
select results_eq(
  $$
    select short_description, is_verified, longitude, location is null, featured_until
    from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('Short', false, null::float8, true, null::timestamptz) $$,
  'what a business loses its listing loses too'
);

-- the owner causes what the owner may not write
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select isnt_empty(
  $$
    update directory.businesses set name = 'Zsl By Owner'
    where id = 'b7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'an owner edits the published entry'
);
reset role;
select is((pg_temp.listing()).name, 'Zsl By Owner', 'the listing follows an edit by the owner');

update directory.businesses set city = 'Zslburg'
where id in ('b7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000002');
select is(
  (
    select count(*) from directory.listings
    where city = 'Zslburg'
      and business_id in (
        'b7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000002'
      )
  ),
  2::bigint,
  'one statement over several businesses refreshes each listing'
);
select is(pg_temp.put($$ status = 'deleted' $$), '', 'a deleted business loses both');
select isnt_empty(
  $$
    select 1 from directory.business_stats
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'a deleted business keeps its figures'
);
delete from auth.users where id = 'a7e57000-0000-4000-8000-000000000001';
select is(
  (select owner_id from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'),
  null,
  'a business stays when the account of its owner goes'
);
select is_empty(
  $$
    select 1
    from directory_internal.visible_businesses
    full join directory.listings on listings.business_id = visible_businesses.id
    where (visible_businesses.id is null and listings.visible_until is null)
      or (listings.business_id is null and visible_businesses.suspended_until is null)
  $$,
  'every business that the clock alone does not move has a listing exactly when it is visible'
);

select * from finish();
rollback;

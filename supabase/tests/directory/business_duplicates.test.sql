-- A business that stands within 100 m of one with a like name is noted when it is entered.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(23);

-- a thousandth of a degree of latitude is 111 m
create function pg_temp.enter_at(
  number int, name text, latitude double precision, status text default 'draft',
  owner text default 'member'
)
returns text
language sql
as $$
  insert into directory.businesses (
    id, name, city, state, primary_category_id, owner_id, status, longitude, latitude
  )
  values (
    pg_temp.b(number), enter_at.name, 'Zqbville', 'TX', 'c7b00000-0000-4000-8000-000000000001',
    pg_temp.person(owner), enter_at.status, -150.5, enter_at.latitude
  );
  select string_agg(
    concat_ws(
      ' ', 'with',
      right((case business_id when pg_temp.b(number) then other_id else business_id end)::text, 2),
      round(distance_meters::numeric), status
    ), ', ' order by other_id, business_id
  )
  from directory.business_duplicates
  where pg_temp.b(number) in (business_id, other_id);
$$;

select is(pg_temp.enter_at(1, 'Zqb Coffee House', 10, 'active'), null,
  'the first of a name is none');
select is(pg_temp.enter_at(2, 'Zqb Coffee Haus', 10.0005), 'with 01 55 open',
  'a like name 55 m away is noted');
select is(pg_temp.enter_at(3, 'ZQB Coffée Haus', 10.0011), 'with 02 66 open',
  'within 100 m only');
select is(pg_temp.enter_at(4, 'Quite Something Else', 10), null,
  'another name at the same place is not');
select is(pg_temp.enter_at(5, 'Zqb Coffee House', 10.01), null, 'nor the same name a mile away');
select is(pg_temp.enter_at(7, 'Zqb Coffee House', 10, 'deleted'), null, 'nor a deleted one');
select is(
  (
    select similarity from directory.business_duplicates
    where business_id = pg_temp.b(1) and other_id = pg_temp.b(2)
  ),
  extensions.similarity('zqb coffee house', 'zqb coffee haus'), 'with how alike the names are'
);

-- by an owner, who may not see it
select is(
  pg_temp.try('other', $$
    insert into directory.businesses (name, city, state, primary_category_id, longitude, latitude)
    values ('Zqb Coffee House 2', 'Zqbville', 'TX', 'c7b00000-0000-4000-8000-000000000001', -150.5,
      10.0111)
    returning status
  $$),
  'draft', 'an owner may enter a duplicate all the same'
);
select is(
  (select count(*) from directory.business_duplicates
    where pg_temp.b(5) in (business_id, other_id)),
  0::bigint, '122 m are too far'
);
select is(pg_temp.try(person, $$select count(*) from directory.business_duplicates
  where business_id = 'b7b00000-0000-4000-8000-000000000001'$$), seen, rule)
from (
  values
    ('anon', '42501', 'a visitor sees no pairs'), ('member', '0', 'nor does an owner'),
    ('analyst', '0', 'nor an analyst'), ('moderator', '1', 'a moderator does'),
    ('admin', '1', 'and an administrator')
) as tried (person, seen, rule);

-- dismissed
create function pg_temp.dismiss(person text, one int, other int)
returns text
language sql
as $$
  select pg_temp.try(
    person, format('select directory.dismiss_duplicate(%L, %L)', pg_temp.b(one), pg_temp.b(other))
  );
$$;
select is(pg_temp.dismiss(person, 2, 1), outcome, rule)
from (
  values
    ('member', '42501', 'an owner dismisses no pair'),
    ('expired_admin', '42501', 'nor an administrator of yesterday'),
    ('moderator', 'true', 'a moderator does, in either order'), ('moderator', 'false', 'once')
) as tried (person, outcome, rule);
update directory.businesses set owner_id = pg_temp.person('moderator') where id = pg_temp.b(3);
select is(pg_temp.dismiss('moderator', 2, 3), 'PL144', 'but not where the business is their own');
select is(
  (
    select count(*) from audit.admin_actions
    where action = 'dismiss_duplicate' and target_id = pg_temp.b(2)::text
  ),
  1::bigint, 'which is written down'
);

-- looked for again on publication
update directory.business_duplicates set distance_meters = 1 where business_id = pg_temp.b(1);
delete from directory.business_duplicates where other_id = pg_temp.b(3);
update directory.businesses set status = 'active' where id in (pg_temp.b(2), pg_temp.b(3));
select is(
  (select status from directory.business_duplicates where business_id = pg_temp.b(1)
    and other_id = pg_temp.b(2)),
  'dismissed', 'a pair that was dismissed stays so'
);
select isnt_empty(
  format('select 1 from directory.business_duplicates where business_id = %L and other_id = %L',
    pg_temp.b(2), pg_temp.b(3)),
  'one that was not seen when it was entered is found when it is published'
);
select is(
  (
    select count(*) from directory.business_duplicates
    where business_id >= other_id
  ),
  0::bigint, 'a pair has one row'
);

select * from finish();
rollback;

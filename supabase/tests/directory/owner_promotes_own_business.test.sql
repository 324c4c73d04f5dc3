-- Threat (D-36): an owner writes into their own row what others pay for or earn, at birth or later;
-- a manager takes the business over; whoever pays more reads what is hidden (D-35).
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(27);

select pg_temp.enter(1, 'member', 'draft'), pg_temp.enter(2, 'other', 'draft'),
  pg_temp.enter(3, 'other', 'deleted'), pg_temp.enter(4, 'other', 'suspended') \g /dev/null
insert into directory.business_managers (business_id, user_id, role, accepted_at)
values (pg_temp.b(1), pg_temp.person('user'), 'manager', now());
update directory.businesses set subscription_tier = 'elite'
where owner_id = pg_temp.person('other');

select is(
  pg_temp.try(person, format(
    'update directory.businesses set %s where id = %L', assignment, pg_temp.b(1)
  )),
  '42501', format('D-36: %s does not set %s', who, assignment)
)
from (values ('member', 'an owner'), ('user', 'a manager')) as tried (person, who)
cross join unnest(array[
  $$subscription_tier = 'elite'$$, $$verification_status = 'verified'$$, $$status = 'active'$$,
  $$featured_until = 'infinity'$$, $$owner_id = auth.uid()$$, $$claimed_at = now()$$
]) as assignment;
select is(
  pg_temp.try('member', format(
    $$insert into directory.businesses (name, city, state, primary_category_id, %s)
      values ('Zqb', 'Zqb', 'TX', 'c7b00000-0000-4000-8000-000000000001', %s)$$, name, value
  )),
  '42501', format('D-36: nobody enters a business with %s', name)
)
from (
  values
    ('subscription_tier', $$'elite'$$), ('verification_status', $$'verified'$$),
    ('status', $$'active'$$), ('featured_until', $$'infinity'$$), ('slug', $$'zqb-best'$$)
) as written (name, value);
select is(
  pg_temp.try('member', format(
    'update directory_internal.business_private set boost_credits = 9 where business_id = %L',
    pg_temp.b(1)
  )),
  '42501', 'D-36: an owner does not write boosts'
);
select is(
  pg_temp.try('member', format(
    $$select directory.admin_update_business(%L, '{"subscription_tier": "elite"}')$$, pg_temp.b(1)
  )),
  '42501', 'D-36: nor by the function of administrators'
);
select is(
  pg_temp.try('user', format(
    $$select directory.%s$$, call
  )),
  '42501', format('D-36: a manager does not call %s', split_part(call, '(', 1))
)
from unnest(array[
  format('set_business_status(%L, $q$active$q$)', pg_temp.b(1)),
  format('offer_business_transfer(%L)', pg_temp.b(1)),
  format('invite_business_manager(%L)', pg_temp.b(1)),
  format('submit_verification(%L, $q$[]$q$)', pg_temp.b(1))
]) as call;
select is(
  pg_temp.try(person, format(
    $$select string_agg(name, ',' order by name) from directory.businesses
      where id in (%L, %L, %L)$$, pg_temp.b(2), pg_temp.b(3), pg_temp.b(4)
  )),
  null, format('D-35: %s does not read what is draft, deleted or suspended, elite or not', who)
)
from (values ('anon', 'a visitor'), ('member', 'another owner')) as tried (person, who);
select is(
  pg_temp.try('anon', format('select %s from directory.businesses limit 1', name)), '42703',
  format('D-35, D-42: no public table has a column %s', name)
)
from unnest(array['claim_token', 'verification_documents']) as name;

select * from finish();
rollback;

-- Whether a review helped: one vote a user, never on one's own review nor on one of one's own
-- business. The counts are a table of their own, the last that any writer locks: in the review, a
-- vote would rewrite the text's row, move its updated_at, and wait for its author.

create table directory.review_votes (
  review_id uuid not null
    constraint review_votes_review_id_fkey
    references directory.business_reviews (id) on delete cascade,
  user_id uuid not null default auth.uid()
    constraint review_votes_user_id_fkey references auth.users (id) on delete cascade,
  helpful boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (review_id, user_id)
);

create index review_votes_user_id_idx on directory.review_votes (user_id);

comment on table directory.review_votes is
  'What users think of reviews, one vote each. A voter reads the own votes, moderators read all.';
comment on column directory.review_votes.user_id is 'The voter; always the signed-in user.';

create table directory.review_vote_counts (
  review_id uuid primary key
    constraint review_vote_counts_review_id_fkey
    references directory.business_reviews (id) on delete cascade,
  helpful_count int not null default 0,
  not_helpful_count int not null default 0,
  constraint review_vote_counts_check check (helpful_count >= 0 and not_helpful_count >= 0)
);

comment on table directory.review_vote_counts is
  'Votes of each review that ever had one. Written by directory_internal.count_votes() alone; '
  'embed it when reading reviews.';

create function directory_internal.count_votes(review_ids uuid[])
returns void
language plpgsql
volatile
security definer -- voters may not write counts
set search_path = ''
as $$
begin
  if cardinality(review_ids) = 0 then
    return;
  end if;
  insert into directory.review_vote_counts (review_id)
  select business_reviews.id
  from directory.business_reviews
  where business_reviews.id = any (review_ids)
  order by business_reviews.id
  on conflict on constraint review_vote_counts_pkey do nothing;

  perform 1
  from directory.review_vote_counts
  where review_vote_counts.review_id = any (review_ids)
  order by review_vote_counts.review_id
  for no key update;

  update directory.review_vote_counts
  set helpful_count = counted.helpful, not_helpful_count = counted.not_helpful
  from (
    select
      voted.id,
      count(*) filter (where review_votes.helpful) as helpful,
      count(*) filter (where not review_votes.helpful) as not_helpful
    from unnest(review_ids) as voted (id)
    left join directory.review_votes on review_votes.review_id = voted.id
    group by voted.id
  ) as counted
  where review_vote_counts.review_id = counted.id
    and (review_vote_counts.helpful_count, review_vote_counts.not_helpful_count)
      is distinct from (counted.helpful, counted.not_helpful);
end;
$$;

comment on function directory_internal.count_votes(uuid[]) is
  'Counts the votes of the reviews anew, under a lock on their counts. Parameter: their ids.';

create function directory_internal.review_votes_changed()
returns trigger
language plpgsql
volatile
security definer -- the voter may not call count_votes() itself
set search_path = ''
as $$
begin
  perform directory_internal.count_votes(
    array(select distinct changed_rows.review_id from changed_rows)
  );
  return null;
end;
$$;

comment on function directory_internal.review_votes_changed() is
  'Trigger function, after statement: counts the votes of the reviews that were voted on.';

create trigger review_votes_count_insert
  after insert on directory.review_votes
  referencing new table as changed_rows
  for each statement execute function directory_internal.review_votes_changed();

create trigger review_votes_count_update
  after update on directory.review_votes
  referencing new table as changed_rows
  for each statement execute function directory_internal.review_votes_changed();

create trigger review_votes_count_delete
  after delete on directory.review_votes
  referencing old table as changed_rows
  for each statement execute function directory_internal.review_votes_changed();

create trigger review_votes_set_updated_at
  before update on directory.review_votes
  for each row execute function private.set_updated_at();

create function directory.vote_on_review(review_id uuid, helpful boolean)
returns table (helpful_count int, not_helpful_count int)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  voted directory.business_reviews;
begin
  select business_reviews.* into voted
  from directory.business_reviews
  where business_reviews.id = vote_on_review.review_id
    and business_reviews.status = 'published'
    and business_reviews.deleted_at is null;
  if voted.id is null then
    perform private.fail('PT404', 'Review ' || coalesce(review_id::text, 'null'));
  end if;

  if helpful is null then
    delete from directory.review_votes
    where review_votes.review_id = voted.id and review_votes.user_id = auth.uid();
  elsif voted.reviewer_id = auth.uid()
    or voted.business_id in (select directory_internal.managed_business_ids())
  then
    perform private.fail('PL170');
  else
    insert into directory.review_votes (review_id, user_id, helpful)
    values (voted.id, auth.uid(), vote_on_review.helpful)
    on conflict on constraint review_votes_pkey do update
    set helpful = excluded.helpful
    where review_votes.helpful <> excluded.helpful;
  end if;

  return query
  select
    coalesce(sum(review_vote_counts.helpful_count), 0)::int,
    coalesce(sum(review_vote_counts.not_helpful_count), 0)::int
  from directory.review_vote_counts
  where review_vote_counts.review_id = voted.id;
end;
$$;

comment on function directory.vote_on_review(uuid, boolean) is
  'Votes on a public review, changes the caller''s vote or takes it back. Parameters: the review; '
  'whether it helped, null to take the vote back. Returns the counts after it. Raises PT404 for a '
  'review that is not public, PL170 for a review by the caller or of a business that the caller '
  'owns or looks after.';

select private.define_error('PL170', 400, 'Nobody votes on a review of their own.',
  'It is by you, or of a business that you own or look after.');

alter table directory.review_votes enable row level security;
alter table directory.review_vote_counts enable row level security;

create policy review_votes_select_involved on directory.review_votes
  for select
  to authenticated
  using (
    user_id = (select auth.uid())
    or (select private.has_any_role(array['moderator', 'admin', 'super_admin']))
  );

-- The subquery is under the policies of reviews: what the voter may not read can't be voted on.
create policy review_votes_insert_voter on directory.review_votes
  for insert
  to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (
      select 1
      from directory.business_reviews
      where business_reviews.id = review_id
        and business_reviews.status = 'published'
        and business_reviews.deleted_at is null
        and business_reviews.reviewer_id <> (select auth.uid())
        and business_reviews.business_id <> all (
          array(select directory_internal.managed_business_ids())
        )
    )
  );

create policy review_votes_update_voter on directory.review_votes
  for update
  to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy review_votes_delete_voter on directory.review_votes
  for delete
  to authenticated
  using (user_id = (select auth.uid()));

create policy review_vote_counts_select_all on directory.review_vote_counts
  for select
  to anon, authenticated
  using (exists (select 1 from directory.business_reviews where business_reviews.id = review_id));

grant select on directory.review_votes to authenticated, service_role;
grant select on directory.review_vote_counts to anon, authenticated, service_role;
grant insert (review_id, user_id, helpful), update (helpful), delete
  on directory.review_votes to authenticated;
grant insert, update, delete on directory.review_votes to service_role;
grant execute on function directory.vote_on_review(uuid, boolean) to authenticated;

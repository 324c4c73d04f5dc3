-- The figures that follow from reviews: count, mean, Bayesian mean and stars, kept with every write
-- of a review. What the clock moves, the reviews of the last days, is counted when read.

create table directory.business_stats (
  business_id uuid primary key
    constraint business_stats_business_id_fkey
    references directory.businesses (id) on delete cascade,
  review_count int not null default 0,
  rating_total bigint not null default 0,
  rating_counts int[] not null default '{0,0,0,0,0}',
  avg_rating numeric(3, 2) generated always as (
    case when review_count > 0 then round(rating_total::numeric / review_count, 2) end
  ) stored,
  bayesian_rating numeric(3, 2),
  quality_score numeric(3, 2) not null default 0,
  view_count int not null default 0,
  click_count int not null default 0,
  save_count int not null default 0,
  share_count int not null default 0,
  last_activity_at timestamptz not null default now(),
  constraint business_stats_reviews_check check (
    review_count >= 0 and rating_total between review_count and review_count * 5
  ),
  constraint business_stats_rating_counts_check check (
    array_lower(rating_counts, 1) = 1
    and cardinality(rating_counts) = 5
    and array_position(rating_counts, null) is null
    and 0 <= all (rating_counts)
    and review_count = rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4]
      + rating_counts[5]
    and rating_total = rating_counts[1] + 2 * rating_counts[2] + 3 * rating_counts[3]
      + 4 * rating_counts[4] + 5 * rating_counts[5]
  ),
  constraint business_stats_bayesian_rating_check check (bayesian_rating between 1 and 5),
  constraint business_stats_quality_score_check check (quality_score between 0 and 5),
  constraint business_stats_counts_check check (
    view_count >= 0 and click_count >= 0 and save_count >= 0 and share_count >= 0
  )
);

comment on table directory.business_stats is
  'Figures of a business that follow from other rows. Those of reviews and the quality score are '
  'written by directory_internal.refresh_listings() alone.';
comment on column directory.business_stats.review_count is
  'Published reviews that are not deleted.';
comment on column directory.business_stats.rating_total is 'Sum of their stars.';
comment on column directory.business_stats.rating_counts is
  'How many of them gave 1, 2, 3, 4 and 5 stars: five counts.';
comment on column directory.business_stats.avg_rating is
  'Mean stars, 1 to 5; null without reviews.';
comment on column directory.business_stats.bayesian_rating is
  'Mean stars that few reviews move little, by directory_internal.bayesian_rating(): what to order '
  'by. Null without reviews.';
comment on column directory.business_stats.quality_score is
  '0 to 5, by directory_internal.quality_score().';

create function directory_internal.bayesian_rating(
  review_count bigint,
  rating_total bigint,
  prior_rating numeric,
  prior_reviews numeric
)
returns numeric
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select (rating_total + prior_rating * prior_reviews) / (review_count + prior_reviews);
$$;

comment on function directory_internal.bayesian_rating(bigint, bigint, numeric, numeric) is
  'Mean stars as if prior_reviews reviews of prior_rating stars stood besides: (sum of stars + '
  'prior rating × prior reviews) / (reviews + prior reviews), not rounded. The priors are the '
  'settings directory.quality_prior_rating and directory.quality_prior_reviews.';

create view directory_internal.counted_reviews
with (security_invoker = true)
as
select
  business_reviews.business_id,
  count(*) as review_count,
  sum(business_reviews.rating) as rating_total,
  array[
    count(*) filter (where business_reviews.rating = 1),
    count(*) filter (where business_reviews.rating = 2),
    count(*) filter (where business_reviews.rating = 3),
    count(*) filter (where business_reviews.rating = 4),
    count(*) filter (where business_reviews.rating = 5)
  ]::int[] as rating_counts
from directory.business_reviews
where business_reviews.status = 'published' and business_reviews.deleted_at is null
group by business_reviews.business_id;

comment on view directory_internal.counted_reviews is
  'What the figures of each business must be, from its reviews that are published and not deleted; '
  'no row for a business without any. In one place for the figures, their repair and the check.';

create view directory.review_figures
with (security_invoker = true)
as
select
  business_stats.business_id,
  business_stats.review_count,
  business_stats.avg_rating,
  business_stats.bayesian_rating,
  business_stats.rating_counts,
  recent.review_count as recent_reviews
from directory.business_stats
cross join lateral (
  select count(*)::int as review_count
  from directory.business_reviews
  where business_reviews.business_id = business_stats.business_id
    and business_reviews.status = 'published'
    and business_reviews.deleted_at is null
    and business_reviews.published_at > now() - make_interval(
      days => (select directory_internal.setting('recent_review_days')::int)
    )
) as recent;

comment on view directory.review_figures is
  'What reviews say of each visible business; ask for one or a few by business_id.';
comment on column directory.review_figures.recent_reviews is
  'Reviews published in the last directory.recent_review_days, counted when read.';

create function directory_internal.figures_as_json(business_ids uuid[])
returns jsonb
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  return (
    select coalesce(
      jsonb_object_agg(
        businesses.id,
        jsonb_build_object(
          'review_count', business_stats.review_count,
          'rating_total', business_stats.rating_total,
          'rating_counts', business_stats.rating_counts,
          'avg_rating', business_stats.avg_rating,
          'bayesian_rating', business_stats.bayesian_rating,
          'quality_score', business_stats.quality_score,
          'listings.review_count', listings.review_count,
          'listings.avg_rating', listings.avg_rating,
          'listings.quality_score', listings.quality_score
        )
      ),
      '{}'
    )
    from directory.businesses
    left join directory.business_stats on business_stats.business_id = businesses.id
    left join directory.listings on listings.business_id = businesses.id
    where businesses.id = any (figures_as_json.business_ids)
  );
end;
$$;

comment on function directory_internal.figures_as_json(uuid[]) is
  'What stands of the figures of each business, and in its listing: id to name to figure.';

-- Definer: nobody else may write figures. The service key and the operator only, by its grants.
create function directory_internal.refresh_business_stats()
returns table (business_id uuid, figure text, stored text, correct text)
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  most constant int := directory_internal.setting('stats_repair_batch')::int;
  ids uuid[];
  stood jsonb;
begin
  -- found without a lock, so that writers go on; what is found is looked at again under one
  ids := array(
    select businesses.id
    from directory.businesses
    cross join directory_internal.quality_weights() as weights
    left join directory.business_stats on business_stats.business_id = businesses.id
    left join directory.listings on listings.business_id = businesses.id
    left join directory_internal.counted_reviews as reviews
      on reviews.business_id = businesses.id
    where business_stats.business_id is null
      or business_stats.rating_counts
        is distinct from coalesce(reviews.rating_counts, '{0,0,0,0,0}')
      or business_stats.bayesian_rating is distinct from round(
        directory_internal.bayesian_rating(
          reviews.review_count, reviews.rating_total, weights.prior_rating, weights.prior_reviews
        ),
        2
      )
      or (
        listings.business_id is not null
        and (listings.review_count, listings.avg_rating, listings.quality_score) is distinct from
          (business_stats.review_count, business_stats.avg_rating, business_stats.quality_score)
      )
    order by businesses.id
    limit most
  );
  if cardinality(ids) = 0 then
    return;
  end if;

  perform directory_internal.lock_category_tree(alone => false);
  perform 1
  from directory.business_stats
  where business_stats.business_id = any (ids)
  order by business_stats.business_id
  for no key update;

  stood := directory_internal.figures_as_json(ids);
  perform directory_internal.refresh_listings(ids, text_changed => false);

  return query
  select business.id::uuid, figures.name, figures.stored, figures.correct
  from jsonb_each(directory_internal.figures_as_json(ids)) as business (id, correct)
  cross join lateral (
    select correct.key, stood -> business.id ->> correct.key, correct.value
    from jsonb_each_text(business.correct) as correct
  ) as figures (name, stored, correct)
  where figures.stored is distinct from figures.correct
  order by business.id, figures.name;
end;
$$;

comment on function directory_internal.refresh_business_stats() is
  'Body of directory.refresh_business_stats().';

create function directory.refresh_business_stats()
returns table (business_id uuid, figure text, stored text, correct text)
language sql
volatile
security invoker
set search_path = ''
as $$
  select * from directory_internal.refresh_business_stats();
$$;

comment on function directory.refresh_business_stats() is
  'Compares the figures of all businesses with their reviews, repairs those that differ, at most '
  'directory.stats_repair_batch businesses in a call, and returns what it found: business, figure '
  '(those of the listing begin with listings.), what stood there, what is right. No row means no '
  'drift. Figures are kept with every write, so drift means that somebody wrote past the triggers, '
  'or changed the prior of the Bayesian mean. For the service key.';

select ops.define_setting('directory.recent_review_days', '30',
  'Days for which a review counts as recent.', 1, 3650);
select ops.define_setting('directory.stats_repair_batch', '1000',
  'Businesses whose figures one call of directory.refresh_business_stats() repairs.', 1, 100000);

alter table directory.business_stats enable row level security;

create policy business_stats_select_all on directory.business_stats
  for select
  to anon, authenticated
  using (exists (select 1 from directory.businesses where businesses.id = business_id));

grant select on directory.business_stats, directory.review_figures
  to anon, authenticated, service_role;
grant execute on function
  directory.refresh_business_stats(), directory_internal.refresh_business_stats()
  to service_role;

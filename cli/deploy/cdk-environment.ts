type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Where cdk deploys to, in the variables that the SDK reads: cdk takes others as well, and then quotas, other stages and the
 * protection would be those of another account or region. `environment` is that of the process.
 */
export const cdkEnvironment = (environment: Variables): Readonly<Record<string, string>> => {
  const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_REGION, AMAZON_REGION, AWS_DEFAULT_REGION, AMAZON_DEFAULT_REGION } =
    environment;
  const profile = AWS_PROFILE || AWS_DEFAULT_PROFILE;
  const region = AWS_REGION || AMAZON_REGION || AWS_DEFAULT_REGION || AMAZON_DEFAULT_REGION;
  return { ...(profile && { AWS_PROFILE: profile }), ...(region && { AWS_REGION: region }) };
};
